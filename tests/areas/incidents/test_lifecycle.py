"""The states of operations.md 4.3: every legal move, every refused one, and what holds after any sequence."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from hypothesis.strategies import integers, sampled_from

from core.areas.incidents.model import OPEN, Incident, IncidentSeverity, PublicStatus, Status
from core.areas.incidents.rules import lifecycle
from core.areas.incidents.rules.duties import duties
from core.areas.incidents.rules.lifecycle import Move, refusal
from core.areas.incidents.rules.step import Step
from core.errors import RefusedError
from core.sla import standing
from tests.areas.incidents.sample import AMINA, ENGINE, incident
from tests.areas.incidents.world import NOW

LEGAL = {
    Status.TRIGGERED: {Move.ACKNOWLEDGE, Move.CANCEL, Move.MERGE},
    Status.ACKNOWLEDGED: {Move.WITHDRAW, Move.MITIGATE, Move.RESOLVE, Move.CANCEL, Move.MERGE},
    Status.MITIGATED: {Move.RESOLVE, Move.CANCEL, Move.MERGE},
    Status.RESOLVED: {Move.REOPEN, Move.CLOSE},
    Status.CLOSED: set[Move](),
    Status.CANCELLED: set[Move](),
    Status.MERGED: set[Move](),
}


def after(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def in_state(status: Status) -> Incident:
    return replace(incident(), status=status, resolved_at=NOW if status is Status.RESOLVED else None)


@pytest.mark.parametrize("move", list(Move))
@pytest.mark.parametrize("status", list(Status))
def test_4_3_each_move_is_legal_exactly_where_the_table_has_it(status: Status, move: Move) -> None:
    refused = refusal(in_state(status), move, after(5))
    assert (refused is None) is (move in LEGAL[status])
    if refused is not None:
        assert str(refused).startswith("INC-2026-0001 is ")


def test_4_3_acknowledging_sets_the_responder_and_stops_the_response_clock() -> None:
    held = lifecycle.acknowledge(incident(), AMINA, after(9)).after
    assert (held.status, held.acknowledged_by, held.commander) == (Status.ACKNOWLEDGED, "amina", "amina")
    assert held.responders == ("amina",)
    assert held.response.stopped_at == after(9)


def test_4_1_only_a_person_acknowledges() -> None:
    with pytest.raises(RefusedError, match="person"):
        lifecycle.acknowledge(incident(), ENGINE, after(1))


def test_only_the_first_acknowledgement_counts() -> None:
    held = lifecycle.acknowledge(incident(), AMINA, after(5)).after
    back = lifecycle.withdraw(held, AMINA, after(10)).after
    again = lifecycle.acknowledge(back, replace(AMINA, name="omar"), after(50)).after
    assert (again.acknowledged_at, again.acknowledged_by) == (after(5), "amina")
    assert again.response.stopped_at == after(5)
    assert again.responders == ("amina", "omar")


def test_4_3_a_resolved_one_goes_on_within_24_hours_only() -> None:
    held = lifecycle.acknowledge(incident(), AMINA, after(5)).after
    resolved = lifecycle.resolve(held, AMINA, after(60), "done").after
    assert lifecycle.reopen(resolved, AMINA, after(60 + 24 * 60), "back").after.open
    with pytest.raises(RefusedError, match="24 hours"):
        lifecycle.reopen(resolved, AMINA, after(61 + 24 * 60), "back")


def test_4_3_a_critical_one_closes_only_after_its_postmortem() -> None:
    held = lifecycle.acknowledge(incident(IncidentSeverity.CRITICAL), AMINA, after(5)).after
    resolved = lifecycle.resolve(held, AMINA, after(60), "done").after
    with pytest.raises(RefusedError, match="post-mortem"):
        lifecycle.close(resolved, AMINA, after(90), postmortem_closed=False)
    assert lifecycle.close(resolved, AMINA, after(90), postmortem_closed=True).after.status is Status.CLOSED


def test_4_3_others_close_by_themselves_after_seven_days() -> None:
    held = lifecycle.acknowledge(incident(IncidentSeverity.MEDIUM), AMINA, after(5)).after
    resolved = lifecycle.resolve(held, AMINA, after(60), "done").after
    week = after(60) + timedelta(days=7)
    assert duties(resolved, week - timedelta(seconds=1)) is None
    step = duties(resolved, week)
    assert step is not None
    assert step.after.status is Status.CLOSED
    assert duties(step.after, week + timedelta(days=1)) is None


def test_4_3_a_critical_one_never_closes_by_itself_without_its_postmortem() -> None:
    held = lifecycle.acknowledge(incident(IncidentSeverity.CRITICAL), AMINA, after(5)).after
    resolved = lifecycle.resolve(held, AMINA, after(60), "done").after
    assert duties(resolved, after(60) + timedelta(days=30)) is None


def test_4_3_the_public_status_follows_where_something_was_published() -> None:
    public = replace(incident(), public_status=PublicStatus.INVESTIGATING, public_title="Slow uploads")
    held = lifecycle.acknowledge(public, AMINA, after(5)).after
    assert held.public_status is PublicStatus.INVESTIGATING
    mitigated = lifecycle.mitigate(held, AMINA, after(6), "switched").after
    assert mitigated.public_status is PublicStatus.MONITORING
    resolved = lifecycle.resolve(mitigated, AMINA, after(7), "done").after
    assert resolved.public_status is PublicStatus.RESOLVED
    assert lifecycle.reopen(resolved, AMINA, after(8), "x").after.public_status is PublicStatus.INVESTIGATING
    assert lifecycle.acknowledge(incident(), AMINA, after(5)).after.public_status is None


def test_4_3_identified_is_set_by_hand_and_stays() -> None:
    public = replace(incident(), public_status=PublicStatus.IDENTIFIED, public_title="Slow uploads")
    assert lifecycle.acknowledge(public, AMINA, after(5)).after.public_status is PublicStatus.IDENTIFIED


def test_4_3_a_false_alarm_is_told_to_the_public_that_heard_of_it() -> None:
    public = replace(incident(), public_status=PublicStatus.INVESTIGATING, public_title="Slow uploads")
    step = lifecycle.cancel(public, AMINA, after(5), "a test fired")
    assert (step.after.public_status, step.after.public_text) == (PublicStatus.RESOLVED, "False alarm.")
    assert [draft.visibility for draft in step.drafts] == ["internal", "public"]
    assert len(lifecycle.cancel(incident(), AMINA, after(5), "x").drafts) == 1


def test_4_3_merging_needs_an_open_target_and_hands_everything_over() -> None:
    one = replace(incident(), alerts=("a|1",), tickets=("T-1",), components=("uploads",))
    other = replace(incident(id_="INC-2026-0002"), alerts=("b|2",), components=("web_app",))
    step, into = lifecycle.merge(one, other, AMINA, after(5))
    assert (step.after.status, step.after.parent) == (Status.MERGED, "INC-2026-0002")
    assert into.after.alerts == ("b|2", "a|1")
    assert (into.after.components, into.after.tickets) == (("web_app", "uploads"), ("T-1",))
    with pytest.raises(RefusedError, match="open"):
        lifecycle.merge(one, replace(other, status=Status.RESOLVED), AMINA, after(5))
    with pytest.raises(RefusedError, match="itself"):
        lifecycle.merge(one, one, AMINA, after(5))


def test_an_acknowledgement_that_comes_late_is_marked_though_nobody_looked() -> None:
    step = lifecycle.acknowledge(incident(IncidentSeverity.CRITICAL), AMINA, after(20))
    assert step.after.response.breached_at == after(15)
    assert "The response is overdue" in [str(draft.text) for draft in step.drafts]


class Incidents(RuleBasedStateMachine):
    """Any sequence of moves, refused or not, at any pace."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.known = incident(IncidentSeverity.CRITICAL)
        self.entries = 0

    def take(self, step: Step) -> None:
        self.known = step.after
        self.entries += len(step.drafts)

    @rule(minutes=integers(1, 600))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(move=sampled_from([m for m in Move if m is not Move.MERGE]))
    def somebody_acts(self, move: Move) -> None:
        refused = refusal(self.known, move, self.now, postmortem_closed=True)
        acts = {
            Move.ACKNOWLEDGE: lambda: lifecycle.acknowledge(self.known, AMINA, self.now),
            Move.WITHDRAW: lambda: lifecycle.withdraw(self.known, AMINA, self.now),
            Move.MITIGATE: lambda: lifecycle.mitigate(self.known, AMINA, self.now, "n"),
            Move.RESOLVE: lambda: lifecycle.resolve(self.known, AMINA, self.now, "n"),
            Move.REOPEN: lambda: lifecycle.reopen(self.known, AMINA, self.now, "n"),
            Move.CLOSE: lambda: lifecycle.close(self.known, AMINA, self.now, postmortem_closed=True),
            Move.CANCEL: lambda: lifecycle.cancel(self.known, AMINA, self.now, "n"),
        }
        if refused is None:
            self.take(acts[move]())
        else:
            with pytest.raises(RefusedError):
                acts[move]()

    @precondition(lambda self: self.known.open)
    @rule()
    def the_job_looks(self) -> None:
        step = duties(self.known, self.now)
        if step is not None:
            self.take(step)
        assert duties(self.known, self.now) is None, "whatever fell due is done once"

    @invariant()
    def moments_are_in_order(self) -> None:
        known = self.known
        order = [known.created_at, known.acknowledged_at, known.mitigated_at, known.resolved_at]
        given = [moment for moment in order if moment is not None]
        assert given == sorted(given)

    @invariant()
    def its_clock_runs_exactly_while_it_is_open(self) -> None:
        stopped = self.known.resolution.stopped_at is not None
        assert stopped is (self.known.status in (Status.RESOLVED, Status.CLOSED))
        assert self.known.open is (self.known.status in OPEN)

    @invariant()
    def what_was_breached_stays_breached(self) -> None:
        for clock in (self.known.response, self.known.resolution):
            if clock.breached_at is not None:
                assert standing(clock, self.now).breached


TestIncidents = Incidents.TestCase
TestIncidents.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
