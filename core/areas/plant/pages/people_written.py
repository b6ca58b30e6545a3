"""What is shown after a department or somebody who works in one was added."""

from __future__ import annotations

from core.areas.plant.model.people import Department, Operator
from core.message import Message, _
from core.page import Action, Note, Page
from core.units import Severity, State

__all__ = ["department_written", "operator_written"]


def department_written(department: Department) -> Page:
    """There is a new department."""
    said = _("{code} is there: {name}.", code=department.code, name=department.name)
    return _page(department.code, _("Departments"), said, Action("departments", _("Departments")))


def operator_written(operator: Operator) -> Page:
    """There is somebody new."""
    said = _("{number} is there: {name}.", number=operator.number, name=operator.name)
    return _page(operator.number, _("Operators"), said, Action("operators", _("Who works here")))


def _page(number: str, title: Message, said: Message, action: Action) -> Page:
    return Page(
        key=f"plant.written.{number}",
        title=title,
        verdict=State(Severity.GOOD, _("DONE")),
        blocks=(Note("done", said, Severity.GOOD),),
        actions=(action, Action("plant", _("Plant"))),
        crumb=number,
    )
