"""One defect, complete enough to be handed on as a report: facts, description, history, order."""

from __future__ import annotations

from collections.abc import Sequence

from core.area import Request
from core.areas.plant.model.defects import CustomerReturn, Defect, InternalReject
from core.areas.plant.model.orders import Order, OrderState
from core.areas.plant.model.people import Department
from core.areas.plant.pages.attachment_blocks import ticket_attachments
from core.areas.plant.pages.defect_blocks import defect_actions
from core.areas.plant.pages.filing import filing_notes
from core.areas.plant.pages.order_blocks import share_done
from core.areas.plant.pages.quality_blocks import history_timeline, text_or
from core.areas.plant.pages.sla_common import promise_meter, promise_notes
from core.areas.plant.pages.sla_reading import standing_of
from core.areas.plant.rules.defect_numbers import alias_of
from core.areas.plant.rules.quality_states import FLAWS, TYPES, defect_state, severity_state, type_of
from core.areas.plant.rules.state_words import order_state
from core.areas.plant.settings import PlantSettings
from core.areas.plant.store.attachments import attachments_of
from core.areas.plant.store.defects import defect_of
from core.areas.plant.store.history import history_of
from core.areas.plant.store.orders import order_of
from core.areas.plant.store.people import all_departments
from core.errors import NotFoundError
from core.message import Message, _
from core.page import Block, Document, Fact, Facts, Note, Page, Place, SourceState
from core.staleness import past_notes
from core.units import Absent, Instant, Money, Severity, Value

__all__ = ["defect_page"]


async def defect_page(request: Request) -> Page:
    """The defect that was asked for, by any of its numbers.

    Raises:
        NotFoundError: there is none.
    """
    moment = request.moment
    async with request.services.store.reading() as connection:
        defect = await defect_of(connection, request.text("defect") or "", moment)
        history = await history_of(connection, defect.number, moment)
        filed = await filing_notes(connection, defect.number, moment)
        departments = await all_departments(connection, moment)
        attached = await attachments_of(connection, defect.number, moment)
        try:
            order = await order_of(connection, defect.order, moment)
        except NotFoundError:
            order = None
    promise = await standing_of(request, defect.number)
    currency = (order.currency if order else "") or request.services.settings.of(PlantSettings).currency
    blocks: list[Block] = [
        *past_notes(request, SourceState()),
        *promise_notes(promise),
        *_remarks(defect, order),
        *filed,
        _facts(defect, departments),
        *(() if promise.settled else (promise_meter(promise),)),
        Document("description", _("What is wrong"), (defect.description,)),
        *ticket_attachments(attached),
        _outcome_facts(defect, currency),
        _order_facts(defect, order),
        history_timeline(history),
    ]
    return Page(
        key=f"plant.defect.{defect.number}",
        title=_("Defect"),
        verdict=severity_state(defect.severity) if defect.unfinished else defect_state(defect),
        blocks=tuple(blocks),
        actions=defect_actions(defect),
        as_of=moment,
        crumb=_("{defect} · {order}", defect=defect.number, order=defect.order),
    )


def _remarks(defect: Defect, order: Order | None) -> list[Note]:
    """Whether its order stands still, and because of it or for another reason."""
    if order is None or order.state is not OrderState.ON_HOLD:
        return []
    if str(order.reason).startswith(f"{defect.number}: "):
        said = _("{order} is on hold; this defect put it there.", order=order.number)
    else:
        said = _("{order} is on hold, for another reason than this defect.", order=order.number)
    return [Note("hold", said, Severity.WARNING)]


def _facts(defect: Defect, departments: Sequence[Department]) -> Facts:
    unsaid = _("not said")
    names = {each.code: each.name for each in departments}
    department = defect.department and _named(defect.department, names.get(defect.department, ""))
    facts = [
        Fact(_("Defect"), defect.number, _("in chats also {alias}", alias=alias_of(defect.number))),
        Fact(_("Type"), TYPES[type_of(defect)]),
        Fact(_("Severity"), severity_state(defect.severity)),
        Fact(_("State"), defect_state(defect), _("since {since}", since=Instant(defect.since))),
        Fact(_("Pieces"), defect.quantity),
        Fact(_("Department"), department or Absent(unsaid)),
    ]
    if isinstance(defect, InternalReject):
        facts += [
            Fact(_("Stage"), text_or(defect.stage, unsaid)),
            Fact(_("Flaw"), FLAWS[defect.flaw]),
        ]
    elif defect.returned_at is not None:
        facts.append(Fact(_("Returned"), Instant(defect.returned_at)))
    facts += [
        Fact(_("Reported by"), defect.reported_by),
        Fact(_("Reported"), Instant(defect.reported_at)),
    ]
    return Facts("defect", _("The defect"), tuple(facts), Place.MAIN)


def _outcome_facts(defect: Defect, currency: str) -> Facts:
    """What was decided about it."""
    undecided = _("not decided yet")
    if isinstance(defect, CustomerReturn):
        facts: tuple[Fact, ...] = (
            Fact(_("Resolution"), text_or(defect.resolution, undecided)),
            Fact(_("Resolved by"), text_or(defect.resolved_by, undecided)),
            Fact(_("Cost"), _money(defect, "cost", currency)),
            Fact(_("Credit"), _money(defect, "credit", currency)),
        )
        return Facts("outcome", _("What became of it"), facts)
    replaced = (
        _("{count} pieces under {number}", count=defect.replacement_quantity, number=defect.replacement)
        if defect.replacement
        else _("{count} pieces", count=defect.replacement_quantity)
    )
    facts = (
        Fact(_("Put its order on hold"), _("yes") if defect.held else _("no")),
        Fact(_("Decided by"), text_or(defect.decided_by, undecided)),
        Fact(_("Said about it"), text_or(defect.note, _("nothing"))),
        Fact(_("Replaced"), replaced if defect.replacement_quantity else Absent(_("nothing was made again"))),
    )
    return Facts("outcome", _("What became of it"), facts)


def _order_facts(defect: Defect, order: Order | None) -> Facts:
    title = _("The order")
    if order is None:
        return Facts("order", title, (Fact(_("Order"), defect.order, _("it isn’t known here any more")),))
    facts = (
        Fact(_("Order"), order.number),
        Fact(_("Product"), order.product),
        Fact(_("Customer"), text_or(order.customer, _("not named"))),
        Fact(_("State"), order_state(order.state)),
        Fact(_("Progress"), share_done(order)),
        Fact(_("Pieces"), order.quantity),
        Fact(_("Due"), Instant(order.due)),
    )
    return Facts("order", title, facts)


def _named(code: str, name: str) -> Message | str:
    return _("{name} ({code})", name=name, code=code) if name else code


def _money(returned: CustomerReturn, name: str, currency: str) -> Value:
    value = returned.cost if name == "cost" else returned.credit
    if value is not None:
        return Money(value, currency)
    return Absent(_("not decided yet") if returned.unfinished else _("none was named"))
