"""The Plant pane: what is late, down, on hold or about to break its promise, the worst first."""

from __future__ import annotations

from core.area import Request
from core.areas.plant.configuration.sla_policy import load_policy
from core.areas.plant.model.machines import MachineState
from core.areas.plant.model.orders import ACTIVE
from core.areas.plant.pages.backend import Backend, backend_health, backend_note, trouble_notes
from core.areas.plant.pages.concerns import Concern, Situation, situation
from core.areas.plant.pages.order_blocks import department_gantt, planned_span
from core.areas.plant.rules.order_verdict import NEEDS_SOMEBODY, stand
from core.areas.plant.rules.shifts import at_work
from core.areas.plant.settings import PlantSettings
from core.areas.plant.store.orders import schedules_between
from core.areas.plant.store.people import all_operators, all_shifts
from core.message import Message, _, plural
from core.page import Action, Block, Column, Fact, Facts, Kind, Note, Page, Place, Row
from core.tabulate import tabulate
from core.units import Severity, State, Value

__all__ = ["headline", "load_situation", "plant_page", "plant_verdict"]

_COLUMNS = (
    Column("state", _("State"), Kind.STATE, 1),
    Column("number", _("Number"), Kind.TEXT, 1),
    Column("why", _("Why"), Kind.TEXT, 1),
    Column("about", _("About"), Kind.TEXT, 2),
    Column("kind", _("What"), Kind.TEXT, 3),
)
_VERDICTS = {
    Severity.SERIOUS: _("LATE OR DOWN"),
    Severity.CRITICAL: _("LATE OR DOWN"),
    Severity.WARNING: _("AT RISK"),
}


async def load_situation(request: Request) -> Situation:
    """The plant as of the request's moment."""
    policy = load_policy(request.services.settings.of(PlantSettings).sla_policy)
    async with request.services.store.reading() as connection:
        return await situation(connection, policy, request.moment)


async def plant_page(request: Request) -> Page:
    """The pane."""
    now = request.moment
    found = await load_situation(request)
    async with request.services.store.reading() as connection:
        schedules = await schedules_between(connection, now, ACTIVE, *planned_span(now))
        shifts = await all_shifts(connection, now)
        people = await all_operators(connection, now)
        backend = await backend_health(request, connection)
    verdict = plant_verdict(found, backend)
    working = len(at_work(shifts, now))
    table = tabulate(
        "concerns",
        _("What needs somebody, the worst first"),
        _COLUMNS,
        [_row(each) for each in found.concerns],
        request.query,
        empty=_("Nothing is late, down, on hold or at risk."),
        place=Place.WIDE,
    )
    blocks: tuple[Block, ...] = (
        *trouble_notes(backend),
        Note("headline", headline(found), plant_verdict(found).severity),
        table,
        department_gantt(found.orders, schedules, now),
        _order_facts(found, request),
        _floor_facts(found, working, len([each for each in people if each.active])),
        *backend_note(backend),
    )
    return Page(
        key="plant",
        title=_("Plant"),
        verdict=verdict,
        blocks=blocks,
        actions=_actions(),
        as_of=now,
        source_state=backend.worst,
    )


def plant_verdict(found: Situation, backend: Backend | None = None) -> State:
    """How the plant is, in a word: as bad as the worst of what needs somebody.

    Where nothing seems to need anybody, but its backend isn't read, that is the word.
    """
    verdict = State(Severity.IDLE, _("NO ORDERS"))
    if not found.empty:
        worst = max((each.state.severity for each in found.concerns), default=Severity.GOOD)
        verdict = State(worst, _VERDICTS.get(worst, _("ON TRACK")))
    trouble = None if backend is None else backend.trouble
    if trouble is not None and verdict.severity < max(trouble.severity, Severity.WARNING):
        return trouble
    return verdict


def headline(found: Situation) -> Message:
    """What needs somebody first, in one sentence."""
    if found.empty:
        return _("Nothing is known of a plant yet; import orders and machines as CSV, or add an order.")
    if not found.concerns:
        return plural(
            "The one order is on track, and every machine runs.",
            "All {count} orders are on track, and every machine runs.",
            len(found.orders),
        )
    first = found.concerns[0]
    return plural(
        "One thing needs somebody: {number}, {state}, {why}.",
        "{count} things need somebody, first {number}: {state}, {why}.",
        len(found.concerns),
        number=first.number,
        state=first.state.word,
        why=first.why,
    )


def _row(concern: Concern) -> Row:
    return Row(
        f"{concern.action.command}.{concern.number}",
        (concern.state, concern.number, concern.why, concern.about, concern.kind),
        concern.action,
    )


def _order_facts(found: Situation, request: Request) -> Facts:
    verdicts = [stand(each, request.moment).verdict for each in found.orders]
    late, held, risk = (verdicts.count(verdict) for verdict in NEEDS_SOMEBODY)
    facts = (
        Fact(_("Still to be done"), len(found.orders)),
        Fact(_("Late"), _count(late, Severity.SERIOUS)),
        Fact(_("On hold"), _count(held, Severity.WARNING)),
        Fact(_("At risk"), _count(risk, Severity.WARNING)),
    )
    return Facts("orders", _("Orders"), facts)


def _floor_facts(found: Situation, working: int, people: int) -> Facts:
    used = [each for each in found.machines if each.state is not MachineState.INACTIVE]
    running = sum(each.state is MachineState.OPERATIONAL for each in used)
    facts = (
        Fact(_("Machines running"), running, _("of {count}", count=len(used))),
        Fact(_("Tickets open"), len(found.tickets)),
        Fact(_("People at work"), working, _("of {count}", count=people)),
    )
    return Facts("floor", _("On the floor"), facts)


def _count(count: int, severity: Severity) -> Value:
    return State(severity, str(count)) if count else 0


def _actions() -> tuple[Action, ...]:
    return (
        Action("orders", _("Orders")),
        Action("machines", _("Machines")),
        Action("maintenance list", _("Maintenance tickets")),
        Action("defects", _("Defects")),
        Action("sops", _("Failed procedures")),
        Action("sla list", _("Promises")),
        Action("boms", _("Bills of materials")),
        Action("departments", _("Departments")),
        Action("operators", _("Who works here")),
        Action("shifts", _("Shifts")),
        Action("order add", _("Add an order")),
    )
