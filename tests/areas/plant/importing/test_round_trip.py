"""What is exported can be imported again: into the plant it came from, and into an empty one."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.areas.plant.importing.csv_file import parse_csv
from core.areas.plant.importing.kind import Kind
from core.areas.plant.importing.kinds import KINDS
from core.areas.plant.importing.plan import Result, judge
from core.areas.plant.importing.world import Entity
from core.areas.plant.model.orders import OrderState
from core.areas.plant.model.people import Operator
from core.areas.plant.pages.export import export_table
from core.message import ENGLISH, _
from core.page import Page
from core.query import TableQuery
from core.render.csv import render
from core.render.values import Formatter
from core.units import Severity, State
from tests.areas.plant.importing.things import GIVEN, THINGS
from tests.areas.plant.importing.world import empty_world
from tests.areas.plant.orders.world import ADMIN, NOW, order

_QUICK = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def written(kind: Kind, things: list[Entity], *, whole: bool = True) -> bytes:
    table = export_table(kind, things, TableQuery(limit=10_000), whole=whole)
    page = Page("x", kind.title, State(Severity.IDLE, kind.title), (table,))
    return render(page, Formatter(ENGLISH, ADMIN.zone, NOW)).encode()


@pytest.mark.parametrize("name", list(KINDS))
@_QUICK
@given(data=st.data())
def test_into_an_empty_plant_everything_comes_back(name: str, data: st.DataObject) -> None:
    kind, empty = KINDS[name], empty_world()
    empty.keep(GIVEN)
    there = set(kind.known(empty))
    thing = data.draw(THINGS[name])
    plan = judge(kind, parse_csv(written(kind, [thing]), "x.csv"), empty)
    assert [each.result for each in plan.findings] == [Result.ADDED], plan.findings
    (key,) = set(kind.known(empty)) - there
    assert kind.known(empty)[key] == thing


@pytest.mark.parametrize("name", list(KINDS))
@_QUICK
@given(data=st.data())
def test_into_the_plant_it_came_from_nothing_changes(name: str, data: st.DataObject) -> None:
    kind, plant = KINDS[name], empty_world()
    plant.keep(GIVEN)
    plant.keep([data.draw(THINGS[name])])
    things = [thing for _key, thing in sorted(kind.known(plant).items())]
    for whole in (True, False):
        plan = judge(kind, parse_csv(written(kind, things, whole=whole), "x.csv"), plant)
        assert {each.result for each in plan.findings} == {Result.SAME}, plan.findings
        assert not plan.records
        assert not plan.events


def test_a_reason_that_is_a_message_is_exported_in_english_and_no_change_when_it_comes_back() -> None:
    kind, plant = KINDS["orders"], empty_world()
    reason = _("{defect}: severity {severity}", defect="RJT-2026-0001", severity=_("high"))
    held = order(state=OrderState.ON_HOLD, previous=OrderState.PENDING, reason=reason)
    plant.keep([held])
    file = written(kind, [held])
    assert b"RJT-2026-0001: severity high" in file
    assert [each.result for each in judge(kind, parse_csv(file, "x.csv"), plant).findings] == [Result.SAME]


def test_a_masked_phone_can_not_become_somebodys_number() -> None:
    kind, empty = KINDS["operators"], empty_world()
    ada = Operator("E-1", "Ada", phone="+255700000123")
    plan = judge(kind, parse_csv(written(kind, [ada], whole=False), "x.csv"), empty)
    (found,) = plan.findings
    assert (found.result, found.column) == (Result.REFUSED, "phone")
    assert b"+255700000123" not in written(kind, [ada], whole=False)
