"""What an import would do, row by row and change by change, and what one did.

A table cuts what is too long for its column. Nothing that decides about an import may be lost by that, so
that the long reasons and values stand once more below it, in full.
"""

from __future__ import annotations

from collections.abc import Sequence

from core.area import Request
from core.areas.plant.importing.kind import Kind
from core.areas.plant.importing.plan import Difference, Finding, ImportPlan, Result
from core.message import Message, _
from core.page import Action, Block, Column, Document, Fact, Facts, Note, Page, Place, Row
from core.page import Kind as ColumnKind
from core.tabulate import tabulate
from core.text import clean
from core.units import Severity, State

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
_FITS = 48
"""Words up to this length stand in a table on a terminal of 80 columns without being cut."""
_BEFORE = 17
"""So much is shown of a long value that goes, a moment whole: the one that comes matters more."""
_IN_FULL = 30


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
        [row for each in findings for row in _rows(each, words)],
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
        *_in_full(findings),
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


def _rows(finding: Finding, words: dict[Result, State]) -> list[Row]:
    """A row for each change, one for what else becomes of it."""
    return [
        Row(f"{finding.line}.{finding.name}.{key}", (words[finding.result], finding.line, finding.name, what))
        for key, what in _whats(finding)
    ]


def _whats(finding: Finding) -> list[tuple[str, Message | str]]:
    reason = finding.reason
    if reason is not None:
        return [
            ("", _("{column}: {reason}", column=finding.column, reason=reason) if finding.column else reason)
        ]
    return [(each.field, _change(each)) for each in finding.differences] or [("", "")]


def _change(difference: Difference) -> str:
    said = f"{difference.field}: {_step(difference)}"
    if len(said) <= _FITS:
        return said
    return f"{difference.field}: {clean(difference.before or '–', _BEFORE)} → {difference.after or '–'}"


def _step(difference: Difference) -> str:
    return f"{difference.before or '–'} → {difference.after or '–'}"


def _in_full(findings: Sequence[Finding]) -> tuple[Document, ...]:
    """The first reasons and changes that a table cuts."""
    told = [each for finding in findings for each in _long(finding)]
    if not told:
        return ()
    more = [] if len(told) <= _IN_FULL else [_("and {count} more", count=len(told) - _IN_FULL)]
    return (Document("in-full", _("In full"), (*told[:_IN_FULL], *more)),)


def _long(finding: Finding) -> list[Message]:
    whole: list[tuple[str, Message | str]]
    if finding.reason is not None:
        whole = [(finding.column, finding.reason)]
    else:
        whole = [(each.field, _step(each)) for each in finding.differences]
    return [
        _("Line {line}, {column}: {reason}", line=finding.line, column=column, reason=said)
        if column
        else _("Line {line}: {reason}", line=finding.line, reason=said)
        for column, said in whole
        if len(f"{column}: {said}") > _FITS
    ]
