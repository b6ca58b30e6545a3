"""The answers of the production system's API, in whatever envelope they come (production.md 8)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from core.areas.production.client.parsing_lists import (
    parse_budgets,
    parse_characters,
    parse_events,
    parse_job_detail,
    parse_jobs,
    parse_platforms,
    parse_schedule,
    parse_uploads,
)
from core.areas.production.client.parsing_system import (
    parse_control,
    parse_credits,
    parse_health,
    parse_operation,
    parse_status,
)
from core.areas.production.model import BudgetPeriod, SystemState
from core.errors import BadAnswerError
from core.units import Money
from tests.areas.production.test_parsing import EVENT, JSON

READ_AT = datetime(2026, 1, 22, 11, 0, 5, tzinfo=UTC)
SNAPSHOT: dict[str, Any] = {
    "as_of": "2026-01-22T11:00:00Z",
    "system": {"state": "running", "desired_state": "running", "activity": "generating", "in_flight": 1},
    "credits": {"plan": "pro", "monthly_allowance": 1800, "monthly_used": 450, "total_available": 1395},
    "today": {"date": "2026-01-22", "total": 2, "cost": {"amount": "1.00", "currency": "USD"}},
}


def quiet(_line: str) -> None:
    return None


def status(document: object) -> Any:
    return parse_status(document, quiet, read_at=READ_AT, skew=timedelta())


def test_the_snapshot_of_section_8() -> None:
    found = status(SNAPSHOT)
    assert found.as_of == datetime(2026, 1, 22, 11, tzinfo=UTC)
    assert (found.system.state, found.system.in_flight) == (SystemState.RUNNING, 1)
    assert found.credits.total_available == Decimal(1395)
    assert found.credits.purchased is None
    assert found.today.cost == Money(Decimal("1.00"), "USD")


def test_a_snapshot_without_its_parts_lacks_them_and_nothing_else() -> None:
    found = status({"system": {"state": "baking"}})
    assert found.system.state is SystemState.UNKNOWN
    assert found.system.in_flight is None
    assert found.as_of == READ_AT
    assert found.credits is None
    assert found.today is None


@pytest.mark.parametrize("envelope", ["jobs", "items", "data", "results"])
def test_a_list_in_any_usual_envelope(envelope: str) -> None:
    page = parse_jobs({envelope: [{"id": "a", "status": "queued"}], "next_cursor": "c2"}, quiet)
    assert ([job.id for job in page.jobs], page.cursor) == (["a"], "c2")


def test_a_bare_list_has_no_further_page() -> None:
    assert parse_jobs([{"id": "a", "status": "queued"}], quiet).cursor == ""


def test_a_bad_item_never_costs_the_others() -> None:
    notices: list[str] = []
    rows = [None, {"id": "a", "status": "queued"}, "x", {"status": "queued"}, {"id": "b", "status": "odd"}]
    assert [job.id for job in parse_jobs({"jobs": rows}, notices.append).jobs] == ["a", "b"]
    assert len(notices) == 4


def test_an_item_sent_twice_is_there_once() -> None:
    rows = [{"id": "u", "platform": "tiktok", "status": "published"}] * 2
    assert len(parse_uploads({"uploads": rows}, quiet).uploads) == 1


def test_an_answer_without_its_list_is_no_empty_list() -> None:
    with pytest.raises(BadAnswerError):
        parse_jobs({"message": "later"}, quiet)


def test_characters_keep_the_order_that_breaks_ties() -> None:
    body = {"characters": [{"id": "a"}, {"name": "nobody"}, {"id": "c", "weight": 2}], "next": "c"}
    found = parse_characters(body, quiet)
    assert [(each.id, each.position, each.weight) for each in found.characters] == [
        ("a", 0, 1.0),
        ("c", 2, 2.0),
    ]
    assert found.next == "c"


def test_platforms_by_their_one_name() -> None:
    body = {"platforms": [{"id": "youtube", "daily_cap": 5}, {"id": "youtube_shorts"}]}
    assert [each.id for each in parse_platforms(body, quiet).platforms] == ["youtube"]


def test_budgets_of_known_periods() -> None:
    limit = {"amount": "5.00", "currency": "USD"}
    body = {"budgets": [{"period": "daily", "limit": limit}, {"period": "lunar"}, {"period": "weekly"}]}
    daily, weekly = parse_budgets(body, quiet)
    assert (daily.period, daily.limit) == (BudgetPeriod.DAILY, Money(Decimal("5.00"), "USD"))
    assert weekly.limit is None


@pytest.mark.parametrize(("sent", "shown"), [("running", "running"), (2, "paused"), (0, "stopped")])
def test_the_schedulers_state_as_word_or_number(sent: object, shown: str) -> None:
    found = parse_schedule({"state": sent, "entries": [{"id": "credit_check", "missed_count": 2}]}, quiet)
    assert found.state == shown
    assert found.entries[0].missed_count == 2


def test_events_out_of_order_are_put_in_order_and_those_left_out_are_passed() -> None:
    later = EVENT | {"seq": 1044, "id": "evt_2"}
    unreadable = {"seq": 1050, "type": "moon_landing"}
    page = parse_events({"events": [later, unreadable, EVENT, EVENT]}, 1000, quiet)
    assert [event.sequence for event in page.events] == [1042, 1044]
    assert page.last == 1050


def test_no_events_leave_the_place_where_it_was() -> None:
    assert parse_events({"events": []}, 77, quiet).last == 77


def test_a_job_with_what_belongs_to_it() -> None:
    entry = {"id": "l", "at": "2026-01-22T11:00:00Z", "kind": "debit", "credits": 1}
    detail = parse_job_detail({"job": {"id": "a", "status": "queued"}, "ledger": [entry, {}]}, quiet)
    assert (detail.job.id, len(detail.ledger), detail.uploads) == ("a", 1, ())


def test_a_control_answer_that_is_done_and_one_that_is_under_way() -> None:
    done = parse_control({"changed": False, "state": "paused", "desired_state": "paused"}, underway=False)
    assert (done.changed, done.state, done.operation) == (False, SystemState.PAUSED, None)
    going = parse_control({"operation": {"id": "op_1", "verb": "restart", "state": "pending"}}, underway=True)
    assert going.changed is None
    assert going.operation is not None
    assert going.operation.id == "op_1"


def test_health_with_checks_as_words_or_objects() -> None:
    found = parse_health({"status": "WARN", "checks": {"database": "pass", "provider": {"status": "fail"}}})
    assert (found.status, found.checks) == ("warn", {"database": "pass", "provider": "fail"})


@given(JSON)
def test_any_json_at_all_is_an_answer_or_a_bad_one(body: object) -> None:
    for parse in (parse_health, parse_credits, parse_operation, status):
        try:
            parse(body)
        except BadAnswerError:
            continue
    for parse_list in (
        parse_budgets,
        parse_jobs,
        parse_uploads,
        parse_characters,
        parse_platforms,
        parse_schedule,
    ):
        try:
            parse_list(body, quiet)
        except BadAnswerError:
            continue
