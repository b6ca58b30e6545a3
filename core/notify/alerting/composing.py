"""From edges to notices: what belongs together is told in one, in words. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.message import Message, _, plural
from core.notify.alerting.alert import Alert, Edge, EdgeKind, Withheld
from core.notify.alerting.board import Board
from core.notify.alerting.carrying import carried_by
from core.notify.notice import Notice, NoticeClass
from core.notify.rules import Rule
from core.principal import Group
from core.units import Instant, Severity

__all__ = ["Composed", "compose", "notice_subject"]

_LISTED = 20
"""Alerts named in one notice."""


@dataclass(frozen=True, slots=True)
class Composed:
    """A notice, the edges it tells of, and the groups concerned."""

    notice: Notice
    edges: tuple[Edge, ...]
    to: frozenset[Group]

    @property
    def person(self) -> str:
        """Who is concerned besides; the same for all its edges."""
        return self.edges[0].person

    @property
    def otherwise(self) -> frozenset[Group]:
        """The groups concerned where that is nobody who is known."""
        return self.edges[0].otherwise

    @property
    def kind(self) -> EdgeKind:
        """What happened; the same for all its edges."""
        return self.edges[0].kind

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """The alerts it is about."""
        return tuple(edge.alert for edge in self.edges)


def notice_subject(alert: Alert) -> str:
    """What notices about an alert are filed under: they reach a person in order, and stop together."""
    return f"alert:{alert.group}"


def compose(board: Board) -> list[Composed]:
    """One notice for the edges of one kind, group, class and person that were found at the same moment."""
    bundles: dict[tuple[object, ...], list[Edge]] = {}
    for edge in board.edges:
        cls = _class(edge, board.rules.get(edge.alert.rule))
        place = (edge.kind, edge.alert.group, cls, edge.at, edge.person, edge.otherwise)
        bundles.setdefault(place, []).append(edge)
    return [_composed(edges, board) for edges in bundles.values()]


def _composed(edges: list[Edge], board: Board) -> Composed:
    first = edges[0]
    rule = board.rules.get(first.alert.rule)
    further = len(edges) - 1
    over = first.kind is EdgeKind.RESOLVED
    notice = Notice(
        key=f"{first.key}+{further}" if further else first.key,
        cls=_class(first, rule),
        kind=first.alert.kind,
        area=first.alert.area,
        subject=notice_subject(first.alert),
        severity=Severity.GOOD if over else max(edge.alert.severity for edge in edges),
        title=_title(edges, rule),
        lines=tuple(_lines(edges, board)),
        reason=_("Rule “{rule}”: {about}.", rule=first.alert.rule, about=rule.about if rule else "?"),
        created=first.at,
        event=first.alert.event,
        expires=first.at + rule.worth if rule is not None and rule.worth is not None else None,
    )
    to: frozenset[Group] = frozenset[Group]().union(*(edge.to for edge in edges))
    return Composed(notice, tuple(edges), to)


def _class(edge: Edge, rule: Rule | None) -> NoticeClass:
    if edge.kind is EdgeKind.ESCALATED:
        return NoticeClass.CRITICAL
    own = rule.notice_class(edge.alert.severity) if rule is not None else NoticeClass.NORMAL
    if edge.kind is EdgeKind.RESOLVED and own is NoticeClass.CRITICAL:
        return NoticeClass.NORMAL
    return own


def _title(edges: list[Edge], rule: Rule | None) -> Message:
    alert, kind = edges[0].alert, edges[0].kind
    what = alert.title
    if len(edges) > 1:
        about = rule.about if rule is not None else alert.rule
        what = plural("{about}, {count} time", "{about}, {count} times", len(edges), about=about)
    match kind:
        case EdgeKind.RESOLVED:
            return _("Over: {what}", what=what)
        case EdgeKind.WORSENED:
            return _("Worse: {what}", what=what)
        case EdgeKind.REPEATED:
            return _("Still: {what}", what=what)
        case EdgeKind.ESCALATED:
            return _("Escalated, nobody has acknowledged it: {what}", what=what)
        case EdgeKind.LAPSED:
            return _("Acknowledged and still so: {what}", what=what)
        case EdgeKind.OPENED | EdgeKind.NEWS:
            return what


def _lines(edges: list[Edge], board: Board) -> Iterable[Message]:
    listed = edges[:_LISTED] if len(edges) > 1 else []
    for edge in listed:
        title = edge.alert.title
        yield _("{title} (alert {id})", title=title, id=str(edge.alert.id)) if edge.alert.id else title
    if len(edges) > _LISTED:
        yield plural("and {count} more", "and {count} more", len(edges) - _LISTED)
    alert = edges[0].alert
    if len(edges) == 1 and alert.id:
        yield _("Alert {id}, since {since}.", id=str(alert.id), since=Instant(alert.opened_at))
        if edges[0].news is not None:
            yield edges[0].news
    carried = [each for edge in edges for each in carried_by(board.open, edge.alert.key)]
    for each in carried[:_LISTED]:
        yield _(
            "Alert {id}, since {since}: {title} (rule {rule}, {subject}).",
            id=str(each.id),
            since=Instant(each.opened_at),
            title=each.title,
            rule=each.rule,
            subject=each.subject,
        )
    above = {each.key for each in (*(edge.alert for edge in edges), *carried)}
    hidden = (each for each in board.open.values() if each.withheld is Withheld.PARENT)
    behind = [each for each in hidden if each.withheld_by in above]
    if behind:
        yield plural(
            "{count} alert behind it is unknown until then:",
            "{count} alerts behind it are unknown until then:",
            len(behind),
        )
        for each in behind[:_LISTED]:
            yield each.title
