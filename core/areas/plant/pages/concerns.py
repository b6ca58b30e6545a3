"""What in the plant needs somebody, of every kind, the worst first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.plant.model.machines import Machine, MachineState
from core.areas.plant.model.orders import ACTIVE, Order
from core.areas.plant.pages.maintenance_words import machine_state, open_machine
from core.areas.plant.pages.order_blocks import open_order, why_of
from core.areas.plant.pages.sla_common import opened_by, verdict_shown
from core.areas.plant.rules.order_verdict import OrderVerdict, stand
from core.areas.plant.rules.policy import SlaPolicy
from core.areas.plant.rules.sla import SlaStanding, Verdict
from core.areas.plant.rules.sla import stand as stand_ticket
from core.areas.plant.rules.sla_words import kind_word
from core.areas.plant.store.machines import all_machines
from core.areas.plant.store.orders import orders_in
from core.areas.plant.store.promised import open_promised
from core.message import Message, _
from core.page import Action
from core.units import Instant, Severity, Span, State

__all__ = ["Concern", "Situation", "situation"]

_DOWN = (MachineState.BROKEN, MachineState.MAINTENANCE)
"""The states in which nothing can be made on a machine, although it is meant to be."""


@dataclass(frozen=True, slots=True)
class Concern:
    """Something that somebody has to look at: what it is, how bad, and why.

    `moment` is when it breaks its promise or did; of what has no promise, since when it is so.
    """

    kind: Message
    number: str
    state: State
    about: str
    why: Message
    moment: datetime
    action: Action


@dataclass(frozen=True, slots=True)
class Situation:
    """The plant at a moment: what is still to be done, and what of it needs somebody, the worst first."""

    orders: Sequence[Order]
    machines: Sequence[Machine]
    tickets: Sequence[SlaStanding]
    concerns: Sequence[Concern]

    @property
    def empty(self) -> bool:
        """Whether nothing is known of a plant."""
        return not self.orders and not self.machines and not self.tickets


async def situation(connection: AsyncConnection, policy: SlaPolicy, moment: datetime) -> Situation:
    """The plant as it was known at `moment`; of tickets those that are not settled."""
    orders = await orders_in(connection, moment, ACTIVE)
    machines = await all_machines(connection, moment)
    tickets = [stand_ticket(each, moment) for each in await open_promised(connection, policy, moment)]
    found = [*_of_orders(orders, moment), *_of_machines(machines), *_of_tickets(tickets)]
    found.sort(key=lambda each: (-each.state.severity, each.moment, each.number))
    return Situation(orders, machines, tickets, found)


def _of_orders(orders: Sequence[Order], now: datetime) -> list[Concern]:
    found: list[Concern] = []
    for order in orders:
        standing = stand(order, now)
        if standing.needs_somebody:
            held = standing.verdict is OrderVerdict.ON_HOLD
            moment = order.since if held else order.due
            opening = open_order(order.number)
            found.append(
                Concern(
                    _("order"), order.number, standing.state, order.product, why_of(standing), moment, opening
                )
            )
    return found


def _of_machines(machines: Sequence[Machine]) -> list[Concern]:
    return [
        Concern(
            _("machine"),
            each.number,
            machine_state(each),
            each.name,
            _why_down(each),
            each.since,
            open_machine(each.number),
        )
        for each in machines
        if each.state in _DOWN
    ]


def _why_down(machine: Machine) -> Message:
    since = Instant(machine.since)
    if machine.reason:
        return _("{reason}, since {since}", reason=machine.reason, since=since)
    return _("since {since}", since=since)


def _of_tickets(standings: Sequence[SlaStanding]) -> list[Concern]:
    """The tickets whose promise is broken or nearly so; what isn't broken yet is never as bad as what is."""
    found: list[Concern] = []
    for each in standings:
        if each.severity < Severity.WARNING:
            continue
        ticket = each.ticket
        left = Span(_minutes(abs(each.remaining)))
        why = _("{left} over its time", left=left) if each.share <= 0 else _("{left} left", left=left)
        state = verdict_shown(each)
        if each.verdict is not Verdict.BREACHED:
            state = State(Severity.WARNING, state.word)
        found.append(
            Concern(
                kind_word(ticket.kind),
                ticket.number,
                state,
                ticket.about,
                why,
                ticket.deadline,
                opened_by(each),
            )
        )
    return found


def _minutes(length: timedelta) -> timedelta:
    """Whole minutes: a list isn't read to the second."""
    return timedelta(minutes=round(length / timedelta(minutes=1)))
