"""Priorities, promises, lengths and legal moves, without a store."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import sla
from core.areas.tickets.model import (
    Case,
    Category,
    ClockKind,
    Level,
    Priority,
    SolveReason,
    Status,
    Ticket,
)
from core.areas.tickets.rules import moves
from core.areas.tickets.rules.lengths import read_hours, read_length, written_hours
from core.areas.tickets.rules.policy import Policy
from core.areas.tickets.rules.priority import matrix, read_priority
from core.areas.tickets.rules.tiers import tier_label, tier_of
from core.areas.tickets.rules.watching import look, told
from core.errors import RefusedError
from tests.areas.tickets.world import DAY

H, M, L = Level.HIGH, Level.MEDIUM, Level.LOW
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("impact", "urgency", "expected"),
    [
        (H, H, Priority.URGENT),
        (H, M, Priority.HIGH),
        (M, H, Priority.HIGH),
        (H, L, Priority.NORMAL),
        (M, M, Priority.NORMAL),
        (L, H, Priority.NORMAL),
        (M, L, Priority.LOW),
        (L, M, Priority.LOW),
        (L, L, Priority.LOW),
    ],
)
def test_priority_is_impact_by_urgency(impact: Level, urgency: Level, expected: Priority) -> None:
    assert matrix(impact, urgency) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("critical", Priority.URGENT), (" Medium ", Priority.NORMAL), ("LOW", Priority.LOW), ("soon", None)],
)
def test_the_words_of_other_systems_are_understood(text: str, expected: Priority | None) -> None:
    assert read_priority(text) is expected


@pytest.mark.parametrize(
    ("text", "length"),
    [("15min", HOUR / 4), ("15m", HOUR / 4), ("4 h", 4 * HOUR), ("2d", 48 * HOUR), ("0h", timedelta(0))],
)
def test_lengths_of_time_are_read(text: str, length: timedelta) -> None:
    assert read_length(text) == length


@pytest.mark.parametrize("text", ["", "4", "h", "-1h", "1.5h", "4 weeks"])
def test_other_lengths_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="like 15min"):
        read_length(text)


def test_business_hours_are_read_and_written_alike() -> None:
    text = "Africa/Nairobi 0-4 09:00-17:00"
    assert written_hours(read_hours(text)) == text
    for wrong in ("Mars/Base 0-4 09:00-17:00", "UTC 4-0 09:00-17:00", "UTC 0-4 17:00-09:00", "UTC always"):
        with pytest.raises(ValueError, match=r"write hours|come before"):
            read_hours(wrong)


@pytest.mark.parametrize("text", ["Ultra Premium", "ultra-premium", " ULTRA_PREMIUM "])
def test_a_tier_has_one_name(text: str) -> None:
    assert tier_of(text) == "ultra_premium"
    assert tier_label(tier_of(text)) == "Ultra Premium"
    assert tier_of("") == "basic"


def ticket(**fields: object) -> Ticket:
    base: dict[str, object] = {
        "id": "T-2026-0001",
        "requester": "r",
        "name": "r",
        "channel": "c",
        "address": "",
        "tier": "pro",
        "subject": "s",
        "category": Category.OTHER,
        "priority": Priority.NORMAL,
        "status": Status.NEW,
        "created_at": DAY,
        "since": DAY,
    }
    return Ticket(**{**base, **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, 24 * HOUR),
        ({"tier": "free"}, None),
        ({"priority": Priority.URGENT}, 24 * HOUR),
        ({"priority": Priority.URGENT, "priority_by": "amina"}, HOUR / 4),
        ({"tier": "free", "priority": Priority.URGENT, "priority_by": "amina"}, HOUR / 4),
        ({"tier": "free", "incident_critical": True}, HOUR / 4),
    ],
)
def test_the_smallest_promise_that_applies_holds(
    fields: dict[str, object], expected: timedelta | None
) -> None:
    assert Policy().target(ClockKind.FIRST_RESPONSE, ticket(**fields)) == expected
    assert Policy().target(ClockKind.NEXT_REPLY, ticket(**fields)) == expected
    assert Policy().target(ClockKind.RESOLUTION, ticket(**fields)) is None


ACTS = ("agent", "ask", "requester", "hold", "resume", "solve", "reopen", "close", "tier", "look")
POLICY = Policy(resolution={"pro": 2 * HOUR, "elite": HOUR})


def acted(case: Case, act: str, step: int) -> Case:
    """What an act makes of a case, at a moment that only grows; the case itself where it isn't legal."""
    from dataclasses import replace

    when = DAY + timedelta(minutes=17 * (step + 1))
    case = look(case, when)
    try:
        match act:
            case "agent":
                return moves.agent_replied(case, when)
            case "ask":
                return moves.agent_replied(case, when, Status.PENDING)
            case "requester":
                return moves.requester_replied(case, POLICY, when)
            case "hold":
                return moves.held(case, when)
            case "resume":
                return moves.resumed(case, when)
            case "solve":
                return moves.solved(case, when, "a", SolveReason.AGENT, 1)
            case "reopen":
                return moves.reopened(case, POLICY, when)
            case "close":
                return moves.closed(case, when)
            case "tier":
                other = "elite" if case.ticket.tier == "pro" else "pro"
                return moves.retargeted(replace(case, ticket=replace(case.ticket, tier=other)), POLICY, when)
            case _:
                return case
    except RefusedError:
        return case


@given(st.lists(st.sampled_from(ACTS), max_size=25))
def test_whatever_is_done_states_and_clocks_agree(acts: list[str]) -> None:
    case = moves.begun(ticket(), POLICY)
    breached: set[tuple[ClockKind, int]] = set()
    for step, act in enumerate(acts):
        before, case = case, acted(case, act, step)
        moved = before.ticket.status, case.ticket.status
        assert moved[0] is moved[1] or moved[1] in moves.LEGAL[moved[0]]
        resolution = case.running(ClockKind.RESOLUTION)
        assert (resolution is not None) is case.ticket.ongoing
        if resolution is not None:
            assert resolution.clock.paused is (case.ticket.status is Status.PENDING)
        for kind in ClockKind:
            assert sum(each.kind is kind and each.ongoing for each in case.cycles) <= 1
        first = case.running(ClockKind.FIRST_RESPONSE)
        assert first is None or case.ticket.first_response_at is None
        late = {(each.kind, each.number) for each in case.cycles if each.clock.breached_at is not None}
        assert breached <= late  # a breach is for good
        assert {(each.cycle.kind, each.cycle.number) for each in told(before, case) if each.breached} == (
            late - breached
        )
        breached = late
        for each in case.cycles:
            found = sla.standing(each.clock, DAY + timedelta(days=1))
            assert (
                each.ongoing
                or each.cancelled_at
                or found.state in (sla.ClockState.MET, sla.ClockState.BREACHED)
            )
