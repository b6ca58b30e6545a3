"""Response procedures by severity, as documents."""

from __future__ import annotations

from core.area import Request
from core.areas.operations.configuration.procedures import SEVERITIES, Procedure, load_procedure
from core.message import _
from core.page import Action, Document, Page
from core.units import Severity, State

__all__ = ["procedures_page"]


async def procedures_page(request: Request) -> Page:
    """The procedure for the severity asked for, or all of them, the worst first."""
    wanted = request.text("severity")
    folder = request.services.settings.folders.config
    found = [load_procedure(folder, each) for each in ((wanted,) if wanted else SEVERITIES)]
    return Page(
        key=f"operations.procedures.{wanted or 'all'}",
        title=_("Response procedures"),
        crumb=wanted or "",
        verdict=State(Severity.IDLE, _("OWN") if any(each.own for each in found) else _("AS SHIPPED")),
        blocks=tuple(_document(each) for each in found),
        actions=tuple(
            Action("ops procedures", _("Procedure: {severity}", severity=each), (("severity", each),))
            for each in SEVERITIES
            if each != wanted
        ),
        as_of=request.moment,
        at=request.at,
    )


def _document(procedure: Procedure) -> Document:
    return Document(procedure.severity, _("{title}", title=procedure.title), procedure.paragraphs)
