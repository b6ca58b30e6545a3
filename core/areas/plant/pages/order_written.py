"""What is shown after something was written about an order."""

from __future__ import annotations

from core.areas.plant.model.orders import Order
from core.areas.plant.pages.order_blocks import open_order, order_actions
from core.message import Message, _
from core.page import Action, Note, Page
from core.units import Severity, State

__all__ = ["order_written"]


def order_written(order: Order, said: Message, remark: Message | None = None) -> Page:
    """One sentence about what was done, what is remarkable about it, and where to go on."""
    remarks = () if remark is None else (Note("remark", remark, Severity.WARNING),)
    return Page(
        key=f"plant.written.{order.number}",
        title=_("Order"),
        verdict=State(Severity.GOOD, _("DONE")),
        blocks=(Note("done", said, Severity.GOOD), *remarks),
        actions=(open_order(order.number), *order_actions(order), Action("orders", _("All orders"))),
        crumb=order.number,
    )
