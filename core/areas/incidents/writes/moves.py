"""Moving an incident from state to state."""

from __future__ import annotations

from core.area import Outcome, Request
from core.areas.incidents.pages.written import written_page
from core.areas.incidents.rules import lifecycle
from core.areas.incidents.rules.numbering import read_id
from core.areas.incidents.rules.postmortem import PostMortem, PostMortemStatus
from core.areas.incidents.rules.targets import TARGETS, PostMortemNeed
from core.areas.incidents.store import reading
from core.areas.incidents.store.recording import audited, record_postmortem, record_step
from core.areas.incidents.writes.turn import begin, finish, words
from core.message import _
from core.store.store import Transaction
from core.store.versions import NEWEST

__all__ = [
    "apply_ack",
    "apply_cancel",
    "apply_close",
    "apply_merge",
    "apply_mitigate",
    "apply_reopen",
    "apply_resolve",
    "apply_unack",
]


async def apply_ack(request: Request, transaction: Transaction) -> Outcome:
    """Take it in hand."""
    turn = await begin(request, transaction)
    step = lifecycle.acknowledge(turn.incident, turn.actor, turn.now)
    return await finish(transaction, turn, step, _("{id} is yours.", id=turn.incident.id))


async def apply_unack(request: Request, transaction: Transaction) -> Outcome:
    """Give it back; escalation begins anew."""
    turn = await begin(request, transaction)
    step = lifecycle.withdraw(turn.incident, turn.actor, turn.now)
    note = _("{id} is nobody’s again; it will be escalated.", id=turn.incident.id)
    return await finish(transaction, turn, step, note)


async def apply_mitigate(request: Request, transaction: Transaction) -> Outcome:
    """Users feel nothing of it any more."""
    turn = await begin(request, transaction)
    step = lifecycle.mitigate(turn.incident, turn.actor, turn.now, words(request, "note"))
    return await finish(transaction, turn, step, _("{id} is mitigated.", id=turn.incident.id))


async def apply_resolve(request: Request, transaction: Transaction) -> Outcome:
    """It is over; where a post-mortem is asked for, its draft begins."""
    turn = await begin(request, transaction)
    step = lifecycle.resolve(turn.incident, turn.actor, turn.now, words(request, "note"))
    outcome = await finish(transaction, turn, step, _("{id} is resolved.", id=turn.incident.id))
    wanted = TARGETS[turn.incident.severity].postmortem in (
        PostMortemNeed.REQUIRED,
        PostMortemNeed.RECOMMENDED,
    )
    begun = await reading.find_postmortem(transaction.connection, turn.incident.id, NEWEST)
    if wanted and begun is None:
        await record_postmortem(transaction, PostMortem(turn.incident.id, turn.incident.commander))
    return outcome


async def apply_reopen(request: Request, transaction: Transaction) -> Outcome:
    """It goes on after all."""
    turn = await begin(request, transaction)
    step = lifecycle.reopen(turn.incident, turn.actor, turn.now, words(request, "reason"))
    return await finish(transaction, turn, step, _("{id} is open again.", id=turn.incident.id))


async def apply_close(request: Request, transaction: Transaction) -> Outcome:
    """Nothing is left to be done."""
    turn = await begin(request, transaction)
    written = await reading.find_postmortem(transaction.connection, turn.incident.id, NEWEST)
    finished = written is not None and written.status is PostMortemStatus.CLOSED
    step = lifecycle.close(turn.incident, turn.actor, turn.now, postmortem_closed=finished)
    return await finish(transaction, turn, step, _("{id} is closed.", id=turn.incident.id))


async def apply_cancel(request: Request, transaction: Transaction) -> Outcome:
    """It was a false alarm."""
    turn = await begin(request, transaction)
    step = lifecycle.cancel(turn.incident, turn.actor, turn.now, words(request, "reason"))
    return await finish(transaction, turn, step, _("{id} is cancelled.", id=turn.incident.id))


async def apply_merge(request: Request, transaction: Transaction) -> Outcome:
    """It is part of another one."""
    turn = await begin(request, transaction)
    other = read_id(request.text("into") or "", turn.now.year)
    target = await reading.incident_named(transaction.connection, other, NEWEST)
    step, into = lifecycle.merge(turn.incident, target, turn.actor, turn.now)
    await record_step(transaction, step)
    after = await record_step(transaction, into)
    note = _("{id} is now part of {target}.", id=turn.incident.id, target=target.id)
    return Outcome(
        written_page(after, note, turn.now),
        f"incident:{turn.incident.id}",
        audited(turn.incident),
        {**audited(step.after), "into": target.id},
    )
