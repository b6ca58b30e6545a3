"""The life of a ticket and of its machine: whatever anybody tries, only legal moves happen (A3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.areas.plant.model.machines import Machine, MachineState
from core.areas.plant.model.maintenance import (
    ONGOING,
    FaultSeverity,
    IssueType,
    MaintenanceState,
    MaintenanceTicket,
)
from core.areas.plant.rules import machines, maintenance
from core.areas.plant.rules.policy import Promise
from core.errors import InputError, RefusedError

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
S = MaintenanceState

TICKET = MaintenanceTicket(
    number="MNT-2026-0001",
    machine="MACH-001",
    department="CUT",
    issue=IssueType.OTHER,
    severity=FaultSeverity.LOW,
    state=S.OPEN,
    created_at=NOW,
    since=NOW,
    respond_by=NOW + timedelta(hours=8),
    complete_by=NOW + timedelta(hours=48),
    reporter="vera",
)
MACHINE = Machine("MACH-001", "Press", "CUT", MachineState.OPERATIONAL, NOW)


def in_state(state: S) -> MaintenanceTicket:
    return replace(TICKET, state=state, assignee="tariq")


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("to", list(S))
def test_a_move_is_made_exactly_where_it_is_legal(state: S, to: S) -> None:
    before = in_state(state)
    if to in maintenance.LEGAL[state]:
        assert maintenance.moved(before, to, NOW, "tariq", "because").state is to
    else:
        with pytest.raises(RefusedError) as raised:
            maintenance.moved(before, to, NOW, "tariq", "because")
        assert "MNT-2026-0001" in str(raised.value)


def test_the_states_are_the_contract_s_and_the_last_two_are_final() -> None:
    assert [each.value for each in S] == [
        *("open", "assigned", "in_progress", "awaiting_parts", "completed", "closed", "cancelled")
    ]
    assert [state for state in S if not maintenance.LEGAL[state]] == [S.CLOSED, S.CANCELLED]


def test_a_refusal_names_where_it_can_go() -> None:
    with pytest.raises(
        RefusedError, match=r"open and can’t become completed.*assigned, in progress, cancelled"
    ):
        maintenance.moved(TICKET, S.COMPLETED, NOW, "tariq")
    with pytest.raises(RefusedError, match="closed, which is final"):
        maintenance.moved(in_state(S.CLOSED), S.OPEN, NOW, "tariq")


@pytest.mark.parametrize(
    ("state", "to"),
    [
        *((state, S.CANCELLED) for state in (S.OPEN, S.ASSIGNED, S.IN_PROGRESS, S.AWAITING_PARTS)),
        (S.IN_PROGRESS, S.AWAITING_PARTS),
        (S.COMPLETED, S.IN_PROGRESS),
    ],
)
def test_these_moves_need_a_reason(state: S, to: S) -> None:
    with pytest.raises(InputError, match=r"^reason: say why"):
        maintenance.moved(in_state(state), to, NOW, "tariq")
    assert maintenance.moved(in_state(state), to, NOW, "tariq", "it squeals").reason == "it squeals"


def test_work_that_nobody_took_is_done_by_whoever_begins_it() -> None:
    begun = maintenance.moved(TICKET, S.IN_PROGRESS, NOW, "tariq")
    assert (begun.assignee, begun.started_at) == ("tariq", NOW)
    later = maintenance.moved(
        replace(begun, state=S.AWAITING_PARTS), S.IN_PROGRESS, NOW + timedelta(hours=3), "teresa"
    )
    assert (later.assignee, later.started_at) == ("tariq", NOW)


def test_assigned_needs_somebody_and_given_back_has_nobody() -> None:
    with pytest.raises(RefusedError, match="nobody"):
        maintenance.moved(TICKET, S.ASSIGNED, NOW, "tariq")
    given_to = maintenance.taken(TICKET, "teresa", NOW, "tariq")
    assert (given_to.state, given_to.assignee) == (S.ASSIGNED, "teresa")
    assert maintenance.moved(given_to, S.OPEN, NOW, "teresa").assignee == ""


def test_taking_over_work_keeps_its_state_and_nothing_settled_is_taken() -> None:
    assert maintenance.taken(in_state(S.IN_PROGRESS), "teresa", NOW, "teresa").state is S.IN_PROGRESS
    for state in (S.COMPLETED, S.CLOSED, S.CANCELLED):
        with pytest.raises(RefusedError):
            maintenance.taken(in_state(state), "teresa", NOW, "teresa")


def test_a_repair_that_did_not_hold_is_not_completed_any_more() -> None:
    done = maintenance.moved(in_state(S.IN_PROGRESS), S.COMPLETED, NOW, "tariq")
    again = maintenance.moved(done, S.IN_PROGRESS, NOW + timedelta(hours=1), "tariq", "squeals again")
    assert (done.completed_at, again.completed_at) == (NOW, None)


def test_another_severity_promises_from_when_the_ticket_was_opened() -> None:
    promise = Promise(timedelta(hours=1), timedelta(hours=4))
    graded = maintenance.graded(TICKET, FaultSeverity.CRITICAL, promise)
    assert (graded.respond_by, graded.complete_by) == (NOW + timedelta(hours=1), NOW + timedelta(hours=4))
    with pytest.raises(RefusedError, match="severity low already"):
        maintenance.graded(TICKET, FaultSeverity.LOW, promise)


@given(st.lists(st.tuples(st.sampled_from(S), st.booleans()), max_size=30))
def test_whatever_is_tried_a_ticket_stays_whole(tries: list[tuple[S, bool]]) -> None:
    ticket, at = TICKET, NOW
    for to, said in tries:
        at += timedelta(minutes=7)
        before = ticket
        try:
            ticket = maintenance.moved(ticket, to, at, "tariq", "because" if said else "")
        except (RefusedError, InputError):
            assert ticket == before
            continue
        assert ticket.state in maintenance.LEGAL[before.state]
        assert said or (before.state, ticket.state) not in maintenance.NEEDS_REASON
        assert (ticket.completed_at is None) is (ticket.state not in (S.COMPLETED, S.CLOSED))
        assert ticket.state not in (S.ASSIGNED, S.IN_PROGRESS) or ticket.assignee
        assert ticket.ongoing is (ticket.state in ONGOING)


@given(st.lists(st.tuples(st.integers(0, 2), st.booleans(), st.sampled_from(S)), max_size=40))
def test_a_machine_is_down_exactly_while_a_ticket_says_so(tries: list[tuple[int, bool, S]]) -> None:
    tickets: dict[int, MaintenanceTicket] = {}
    machine = MACHINE
    for key, down, to in tries:
        before = tickets.get(key)
        if before is None:
            after = replace(TICKET, number=f"MNT-{key}", machine_down=down)
        else:
            try:
                after = maintenance.moved(before, to, NOW, "tariq", "because")
            except RefusedError:
                continue
        others = [each for number, each in tickets.items() if number != key]
        machine = maintenance.machine_after(machine, before, after, others, NOW) or machine
        tickets[key] = after
        standing_still = any(each.machine_down and each.ongoing for each in tickets.values())
        assert (machine.state is MachineState.BROKEN) is standing_still


def test_a_machine_in_maintenance_is_not_broken_anew_by_every_step_of_its_ticket() -> None:
    down = replace(in_state(S.ASSIGNED), machine_down=True)
    under_way = replace(MACHINE, state=MachineState.MAINTENANCE)
    begun = replace(down, state=S.IN_PROGRESS)
    assert maintenance.machine_after(under_way, down, begun, [], NOW) is None
    done = replace(down, state=S.COMPLETED)
    back = maintenance.machine_after(under_way, begun, done, [], NOW)
    assert back is not None
    assert back.state is MachineState.OPERATIONAL


def test_a_machine_out_of_use_stays_so() -> None:
    unused = replace(MACHINE, state=MachineState.INACTIVE)
    assert maintenance.machine_after(unused, None, replace(TICKET, machine_down=True), [], NOW) is None


@pytest.mark.parametrize("state", list(MachineState))
@pytest.mark.parametrize("to", list(MachineState))
def test_a_machine_moves_exactly_where_it_may(state: MachineState, to: MachineState) -> None:
    before = replace(MACHINE, state=state)
    if to in machines.LEGAL[state]:
        after = machines.moved(before, to, NOW, "omar", "because")
        assert (after.state, after.by, after.reason) == (to, "omar", "because")
    else:
        with pytest.raises(RefusedError):
            machines.moved(before, to, NOW, "omar", "because")


@pytest.mark.parametrize("to", [MachineState.BROKEN, MachineState.INACTIVE])
def test_nobody_breaks_or_retires_a_machine_without_saying_why(to: MachineState) -> None:
    with pytest.raises(InputError, match=r"^reason: say why MACH-001"):
        machines.moved(MACHINE, to, NOW, "omar")
