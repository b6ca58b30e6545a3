"""The machines of the demo's plant, and a maintenance ticket in every state, one of them about to be late."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.demo.plant_steps import AMINA, NIA, OMAR, Step
from core.principal import Principal, Role

__all__ = ["maintenance_steps"]

JOSEPH = Principal("joseph", Role.OPERATOR, "demo")
HALIMA = Principal("halima", Role.OPERATOR, "demo")

_MACHINES = (
    ("MACH-001", "Cutting table, long", "CUT", "12 m, two heads, dust extraction."),
    ("MACH-002", "Cutting press", "CUT", "40 t hydraulic press, dies up to 1.2 m."),
    ("MACH-003", "Lockstitch line A", "SEW", "Eight stations, 5,000 stitches a minute."),
    ("MACH-004", "Lockstitch line B", "SEW", "Eight stations, 5,000 stitches a minute."),
    ("MACH-005", "Bar tacker", "SEW", ""),
    ("MACH-006", "Screen printing carousel", "PRT", "Six colours, flash dryer at 160 °C."),
    ("MACH-007", "Offset press", "PRT", "Sheets up to 52 × 74 cm."),
    ("MACH-008", "Steam tunnel", "FIN", "Serviced every March."),
)


@dataclass(frozen=True, slots=True)
class _Act:
    """What somebody did about a ticket, so many hours from now."""

    hour: float
    who: Principal
    command: str
    arguments: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Story:
    """A ticket: who reported what of which machine, when (in hours from now), and what was done about it."""

    name: str
    hour: float
    who: Principal
    machine: str
    issue: str
    urgency: str
    down: str
    description: str
    acts: tuple[_Act, ...] = ()


def maintenance_steps(now: datetime) -> Sequence[Step]:
    """Everything that happened to machines."""
    return [*_machines(now), *(step for story in _STORIES for step in _steps(story, now))]


def _take(hour: float, who: Principal) -> _Act:
    return _Act(hour, who, "maintenance take")


def _move(hour: float, who: Principal, state: str, reason: str = "") -> _Act:
    return _Act(hour, who, "maintenance move", (("state", state), ("reason", reason)))


def _complete(hour: float, who: Principal, cause: str, parts: str, cost: str) -> _Act:
    return _Act(hour, who, "maintenance complete", (("cause", cause), ("parts", parts), ("cost", cost)))


_STORIES = (
    _Story(
        *("belt", -520, NIA, "MACH-004", "other", "low", "no"),
        "The belt slips when the line starts.",
        (
            *(_take(-515, JOSEPH), _move(-514, JOSEPH, "in_progress")),
            *(_complete(-511, JOSEPH, "Stretched belt", "Belt B-42", "38.00"), _move(-500, HALIMA, "closed")),
        ),
    ),
    _Story(
        *("seal", -210, OMAR, "MACH-002", "hydraulic", "high", "yes"),
        "Oil under the press, the ram sinks by itself.",
        (
            *(_take(-209.5, JOSEPH), _move(-209, JOSEPH, "in_progress")),
            _move(-208, JOSEPH, "awaiting_parts", "The seal comes from Nairobi"),
            *(_move(-190, JOSEPH, "in_progress"), _complete(-187, JOSEPH, "Worn seal", "Seal kit", "214.50")),
            _move(-160, HALIMA, "closed"),
        ),
    ),
    _Story(
        *("alarm", -55, NIA, "MACH-008", "electrical", "medium", "no"),
        "The temperature alarm rings.",
        (_move(-54, HALIMA, "cancelled", "The alarm was being tested"),),
    ),
    _Story(
        *("pump", -20, OMAR, "MACH-002", "hydraulic", "medium", "no"),
        "The pump is louder than usual.",
        (
            *(_take(-19, JOSEPH), _move(-18.5, JOSEPH, "in_progress")),
            _complete(-16, JOSEPH, "Air in the line", "", "0"),
        ),
    ),
    _Story(
        *("needle", -9, NIA, "MACH-005", "other", "medium", "no"),
        "Needles break after a few hundred tacks.",
        (
            *(_take(-8.5, JOSEPH), _move(-8, JOSEPH, "in_progress")),
            _move(-7, JOSEPH, "awaiting_parts", "A new hook is ordered"),
        ),
    ),
    _Story(
        *("bearing", -5, OMAR, "MACH-001", "bearing", "high", "no"),
        "The second head squeals and gets hot.",
        (_Act(-4.5, HALIMA, "maintenance assign", (("to", "joseph"),)),),
    ),
    _Story(
        *("press", -3.4, NIA, "MACH-007", "electrical", "high", "yes"),
        "The press stopped in the middle of a run and doesn’t start again.",
        (_take(-3.2, HALIMA), _move(-3.1, HALIMA, "in_progress")),
    ),
    _Story(
        *("dryer", -3.2, NIA, "MACH-006", "electrical", "medium", "no"),
        "The flash dryer is slow to heat up.",
    ),
    _Story(*("lamp", -1.5, NIA, "MACH-003", "other", "low", "no"), "The lamp over station 4 flickers."),
)
"""MACH-007 holds up ORD-12006, MACH-005 waits for a part longer than was promised."""


def _machines(now: datetime) -> Iterator[Step]:
    added = now - timedelta(days=39)
    for number, name, department, specifications in _MACHINES:
        machine = {
            "machine": number,
            "name": name,
            "department": department,
            "specifications": specifications,
        }
        yield Step(added, AMINA, "machine add", machine)
    serviced = {"machine": "MACH-008", "state": "maintenance", "reason": "The yearly service"}
    yield Step(_moment(now, -26), OMAR, "machine move", serviced)


def _steps(story: _Story, now: datetime) -> Iterator[Step]:
    reported = {
        "machine": story.machine,
        "issue": story.issue,
        "urgency": story.urgency,
        "down": story.down,
        "description": story.description,
    }
    yield Step(_moment(now, story.hour), story.who, "maintenance", reported, story.name)
    for act in story.acts:
        given = {name: value for name, value in act.arguments if value}
        yield Step(_moment(now, act.hour), act.who, act.command, {"ticket": f"#{story.name}", **given})


def _moment(now: datetime, hours: float) -> datetime:
    return now + timedelta(hours=hours)
