"""What an import would do, row by row, and what one did."""

from __future__ import annotations

from core.area import Request
from core.areas.plant.importing.kind import Kind
from core.areas.plant.importing.plan import Finding, ImportPlan, Result
from core.message import Message, _
from core.page import Action, Block, Column, Fact, Facts, Note, Page, Place, Row
from core.page import Kind as ColumnKind
from core.tabulate import tabulate
from core.units import Severity, State, Value

__all__ = ["applied_page", "plan_page"]

_COLUMNS = (
    Column("result", _("Result"), ColumnKind.STATE, 1),
    Column("line", _("Line"), ColumnKind.NUMBER, 1),
    Column("name", _("Which"), ColumnKind.TEXT, 1),
    Column("what", _("What"), ColumnKind.TEXT, 1),
)
_WOULD = {
    Result.REFUSED: State(Severity.SERIOUS, _("refused")),
    Result.CHANGED: State(Severity.WARNING, _("would change")),
    Result.ADDED: State(Severity.NOTICE, _("would be added")),
    Result.SAME: State(Severity.IDLE, _("left alone")),
}
_DONE = {
    Result.REFUSED: State(Severity.SERIOUS, _("refused")),
    Result.CHANGED: State(Severity.GOOD, _("changed")),
    Result.ADDED: State(Severity.GOOD, _("added")),
    Result.SAME: State(Severity.IDLE, _("left alone")),
}
_ORDER = list(_WOULD)


def plan_page(request: Request, kind: Kind, plan: ImportPlan) -> Page:
    """A dry run: nothing was changed yet."""
    refused = plan.count(Result.REFUSED)
    doing = plan.count(Result.ADDED) + plan.count(Result.CHANGED)
    if refused:
        said = _("Nothing was changed yet. Refused rows stay out; the others can be imported.")
        verdict = State(Severity.WARNING, _("NOT ALL CAN BE IMPORTED"))
    elif doing:
        said, verdict = _("Nothing was changed yet."), State(Severity.NOTICE, _("READY"))
    else:
        said, verdict = _("Everything in the file is known already."), State(Severity.GOOD, _("NOTHING NEW"))
    arguments = (
        ("kind", kind.name),
        ("file", request.text("file") or ""),
        ("checksum", plan.file.checksum),
    )
    apply = Action(
        "plant import apply",
        _("Import it"),
        arguments,
        unavailable=None if doing else _("There is nothing to import."),
    )
    return _page(request, kind, plan, verdict, said, _WOULD, (apply,))


def applied_page(request: Request, kind: Kind, plan: ImportPlan) -> Page:
    """What was imported."""
    refused = plan.count(Result.REFUSED)
    verdict = State(Severity.WARNING, _("DONE IN PART")) if refused else State(Severity.GOOD, _("DONE"))
    said = (
        _("Refused rows were left out. Mend them and import the file again: what is known is left alone.")
        if refused
        else _("The file was imported.")
    )
    return _page(request, kind, plan, verdict, said, _DONE, ())


def _page(
    request: Request,
    kind: Kind,
    plan: ImportPlan,
    verdict: State,
    said: Message,
    words: dict[Result, State],
    actions: tuple[Action, ...],
) -> Page:
    findings = sorted(plan.findings, key=lambda each: (_ORDER.index(each.result), each.line))
    table = tabulate(
        "rows",
        _("Row by row"),
        _COLUMNS,
        [_row(each, words) for each in findings],
        request.query,
        empty=_("The file has no rows."),
        place=Place.WIDE,
    )
    blocks: tuple[Block, ...] = (
        Note("said", said, verdict.severity),
        *(Note(f"remark.{at}", each, Severity.WARNING) for at, each in enumerate(plan.file.remarks)),
        *_unused(plan),
        _facts(plan, words),
        table,
    )
    return Page(
        key=f"plant.import.{kind.name}",
        title=_("Import"),
        verdict=verdict,
        blocks=blocks,
        actions=(*actions, Action("plant", _("Plant"))),
        crumb=plan.file.name,
    )


def _facts(plan: ImportPlan, words: dict[Result, State]) -> Facts:
    facts = tuple(Fact(words[each].word, plan.count(each)) for each in _ORDER)
    return Facts("counts", _("Rows"), facts)


def _unused(plan: ImportPlan) -> tuple[Note, ...]:
    if not plan.unused:
        return ()
    titles = ", ".join(plan.unused)
    return (Note("unused", _("These columns aren’t used: {columns}.", columns=titles), Severity.NOTICE),)


def _row(finding: Finding, words: dict[Result, State]) -> Row:
    cells: tuple[Value, ...] = (words[finding.result], finding.line, finding.name, _what(finding))
    return Row(f"{finding.line}.{finding.name}", cells)


def _what(finding: Finding) -> Value:
    if finding.reason is not None:
        if not finding.column:
            return finding.reason
        return _("{column}: {reason}", column=finding.column, reason=finding.reason)
    return "; ".join(
        f"{each.field}: {each.before or '–'} → {each.after or '–'}" for each in finding.differences
    )
