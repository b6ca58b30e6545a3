"""The life of a procedure's failure ticket, step by step as in whatsapp.md A3: decided without a store."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.areas.plant.model.sops import Decision, NcrState, SopState, SopTicket
from core.areas.plant.rules import sops as rules
from core.areas.plant.rules.sop_numbers import candidates
from core.areas.plant.rules.sops import LEGAL, SopMove
from core.errors import InputError, RefusedError
from tests.areas.plant.quality.world import NOW

S = SopState
LATER = NOW + timedelta(hours=1)


def ticket(state: SopState = S.OPEN) -> SopTicket:
    return SopTicket("SOP-2026-0001", "SOP-001-2025", "Needles.", "SEW", "CUT", "vera", NOW, NOW, state=state)


MOVES: dict[str, tuple[SopMove, Callable[[SopTicket], SopTicket], SopState]] = {
    "accept": (SopMove.ACCEPT, lambda each: rules.accepted(each, LATER, "omar"), S.IN_INVESTIGATION),
    "reject": (SopMove.REJECT, lambda each: rules.rejected(each, LATER, "omar", "not us"), S.ESCALATED),
    "head accepts": (
        SopMove.DECIDE,
        lambda each: rules.decided(each, Decision.ACCEPT, LATER, "hana"),
        S.IN_INVESTIGATION,
    ),
    "head rejects": (
        SopMove.DECIDE,
        lambda each: rules.decided(each, Decision.REJECT, LATER, "hana"),
        S.CLOSED,
    ),
    "reassign": (
        SopMove.REASSIGN,
        lambda each: rules.reassigned(each, "PRN" if each.charged == "SEW" else "SEW", LATER, "theirs"),
        S.OPEN,
    ),
    "report": (SopMove.REPORT, lambda each: rules.reported(each, LATER, "omar", "a", "b", "c")[0], S.CLOSED),
}


def test_a3_rejected_escalated_accepted_by_the_head_reported_closed() -> None:
    rejected = rules.rejected(ticket(), LATER, "omar", "not us")
    assert (rejected.state, rejected.rejection, rejected.rejected_by) == (S.ESCALATED, "not us", "omar")
    looked_into = rules.decided(rejected, Decision.ACCEPT, LATER, "hana", "it was")
    assert (looked_into.state, looked_into.decision) == (S.IN_INVESTIGATION, Decision.ACCEPT)
    closed, report = rules.reported(looked_into, LATER, "omar", "worn needle", "changed", "a list")
    assert (closed.state, closed.closed_at) == (S.CLOSED, LATER)
    assert (report.ticket, report.state) == ("SOP-2026-0001", NcrState.SUBMITTED)


def test_a3_rejected_by_the_head_it_is_closed() -> None:
    closed = rules.decided(rules.rejected(ticket(), LATER, "omar", "not us"), Decision.REJECT, LATER, "hana")
    assert (closed.state, closed.closed_at) == (S.CLOSED, LATER)


def test_a3_reassigned_it_is_open_with_the_new_department_and_keeps_what_was_said() -> None:
    rejected = rules.rejected(ticket(), LATER, "omar", "not us")
    again = rules.reassigned(rejected, "PRN", LATER, "they changed the list")
    assert (again.state, again.charged, again.rejection) == (S.OPEN, "PRN", "not us")
    assert rules.rejected(again, LATER, "pia", "not us either").escalations == 2
    with pytest.raises(InputError, match=r"^department: SOP-2026-0001 is with SEW already"):
        rules.reassigned(ticket(), "SEW", LATER, "why")


@pytest.mark.parametrize("name", MOVES)
@pytest.mark.parametrize("state", SopState)
def test_a3_every_illegal_step_is_refused_with_its_reason(state: SopState, name: str) -> None:
    move, make, end = MOVES[name]
    if state in LEGAL[move]:
        assert make(ticket(state)).state is end
        return
    with pytest.raises(RefusedError) as refused:
        make(ticket(state))
    assert str(refused.value).startswith("SOP-2026-0001 is ")
    assert refused.value.message == rules.refusal(ticket(state), move)


@given(st.lists(st.sampled_from(sorted(MOVES)), max_size=15))
def test_no_sequence_of_steps_leaves_the_flow(names: list[str]) -> None:
    found = ticket()
    for name in names:
        move, make, end = MOVES[name]
        if found.state in LEGAL[move]:
            found = make(found)
            assert found.state is end
            assert found.since == LATER
        else:
            with pytest.raises(RefusedError):
                make(found)
        assert (found.closed_at is not None) is (found.state is S.CLOSED)
        assert found.state not in (S.RESOLVED, S.AWAITING_HOD), "nothing of ours leads there"
        assert (found.escalations == 0) is (found.escalated_at is None)


def test_a_rejection_needs_a_reason_and_somebody_else_to_decide_about_it() -> None:
    with pytest.raises(InputError, match=r"^reason: say why"):
        rules.rejected(ticket(), LATER, "omar", "  ")
    with pytest.raises(RefusedError, match="somebody else has to decide"):
        rules.decided(rules.rejected(ticket(), LATER, "omar", "no"), Decision.REJECT, LATER, "omar")


def test_a_report_is_verified_once_and_not_by_its_author() -> None:
    _closed, report = rules.reported(ticket(S.IN_INVESTIGATION), LATER, "omar", "a", "b", "c")
    with pytest.raises(RefusedError, match="somebody else has to verify"):
        rules.verified(report, LATER, "omar", "it helped")
    verified = rules.verified(report, LATER, "hana", "it helped", "look again in May")
    assert (verified.state, verified.verified_by) == (NcrState.VERIFIED, "hana")
    with pytest.raises(RefusedError, match="verified by hana already"):
        rules.verified(verified, LATER, "root", "again")


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("SOP-2026-0007", ("SOP-2026-0007",)),
        ("sop 2026 7", ("SOP-2026-0007", "SOP-2026-7")),
        (" sop-001-2025 ", ("SOP-001-2025",)),
        ("SOP-٠٠١-٢٠٢٥", ("SOP-001-2025",)),
        ("SOP-999", ("SOP-999",)),
    ],
)
def test_a2_4_a_ticket_or_a_procedure_is_meant(written: str, found: tuple[str, ...]) -> None:
    assert candidates(written) == found


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(InputError):
        assert all(0 < len(each) <= 60 for each in candidates(text))
