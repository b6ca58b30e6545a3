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
        said = _(
            "Nothing was changed. Mend the refused rows, or take them out: a file is imported as a whole or "
            "not at all."
        )
        verdict = State(Severity.WARNING, _("CAN’T BE IMPORTED"))
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
        unavailable=_unavailable(plan),
    )
    return _page(request, kind, plan, verdict, said, _WOULD, (apply,))


def _unavailable(plan: ImportPlan) -> Message | None:
    """Why the file can't be imported."""
    if plan.count(Result.REFUSED):
        return _("Some rows are refused.")
    if not plan.count(Result.ADDED) + plan.count(Result.CHANGED):
        return _("There is nothing to import.")
    return None


def applied_page(request: Request, kind: Kind, plan: ImportPlan) -> Page:
    """What was imported."""
    verdict = State(Severity.GOOD, _("DONE"))
    return _page(request, kind, plan, verdict, _("The file was imported."), _DONE, ())


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
    facts = tuple(Fact(state.word, plan.count(each)) for each, state in words.items())
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
