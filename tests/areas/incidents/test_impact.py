"""What users see of an incident (operations.md 7.2)."""

from __future__ import annotations

import pytest

from core.areas.incidents.model import Impact
from core.areas.incidents.rules.impact import ComponentState, component_states, impact_of

S = ComponentState


@pytest.mark.parametrize(
    ("state", "impact"),
    [
        (S.OPERATIONAL, Impact.NONE),
        (S.UNDER_MAINTENANCE, Impact.NONE),
        (S.DEGRADED, Impact.MINOR),
        (S.PARTIAL_OUTAGE, Impact.MAJOR),
        (S.MAJOR_OUTAGE, Impact.CRITICAL),
    ],
)
def test_7_2_impact_of_one_component(state: ComponentState, impact: Impact) -> None:
    assert impact_of([state]) is impact


def test_7_2_the_worst_component_decides() -> None:
    assert impact_of([S.DEGRADED, S.PARTIAL_OUTAGE, S.OPERATIONAL]) is Impact.MAJOR
    assert impact_of([]) is Impact.NONE


def test_7_1_a_failing_component_is_out_in_part_where_another_passes() -> None:
    assert component_states({"a": "fail", "b": "pass"})["a"] is S.PARTIAL_OUTAGE
    assert component_states({"a": "fail"})["a"] is S.MAJOR_OUTAGE
    assert component_states({"a": "warn", "b": "unknown"}) == {"a": S.DEGRADED}
