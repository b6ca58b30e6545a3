"""What the rules would have sent, had they been in force."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from core.area import Request
from core.areas.alerts.pages.words import edge_word
from core.errors import NotFoundError
from core.message import Message, _, plural
from core.moment import Window
from core.notify.people.person import CONSOLE
from core.notify.replay import Replayed, Sent, replay
from core.notify.rules import RuleBook, load_rules
from core.notify.rules.fields import near
from core.page import Column, Fact, Facts, Kind, Note, Page, Place, Row
from core.tabulate import tabulate
from core.units import Instant, Severity, State

__all__ = ["replay_page"]

_SHOWN = 500
_COLUMNS = (
    Column("at", _("When"), Kind.MOMENT, 0),
    Column("class", _("Class"), Kind.TEXT, 1),
    Column("edge", _("Because"), Kind.TEXT, 2),
    Column("title", _("Notice"), Kind.TEXT, 0),
    Column("to", _("Recipient"), Kind.TEXT, 1),
    Column("rule", _("Rule"), Kind.TEXT, 3),
)


async def replay_page(request: Request) -> Page:
    """The notices of the window that ends now, by the rules as the files say now; nothing is sent."""
    since = request.arguments.get("since")
    length = since if isinstance(since, timedelta) else timedelta(days=30)
    rules = _rules(request)
    window = Window(request.moment - length, request.moment)
    async with request.services.store.reading() as connection:
        played = await replay(connection, rules, window, request.moment)
    people = sum(len(_people(each)) for each in played.notices)
    table = tabulate(
        "notices",
        _("What would have been sent"),
        _COLUMNS,
        [_row(number, each) for number, each in enumerate(reversed(played.notices[-_SHOWN:]))],
        request.query,
        empty=_("Nothing would have been sent."),
        place=Place.WIDE,
    )
    played_text = _(
        "{events} events and {samples} samples since {start} were played through {rules} rules; nothing was "
        "sent. People are taken as they are now.",
        events=str(played.events),
        samples=str(played.samples),
        start=Instant(window.start),
        rules=str(len(rules)),
    )
    return Page(
        key="alerts.replay",
        title=_("Replay"),
        crumb=plural("{count} notice", "{count} notices", len(played.notices)),
        verdict=State(Severity.IDLE, _("REPLAYED")),
        blocks=(
            Note("played", played_text, Severity.IDLE),
            Facts("counts", _("How many"), (*_by_class(played), Fact(_("messages to people"), people))),
            Facts("rules", _("By rule"), _by_rule(played)),
            table,
        ),
        as_of=request.moment,
    )


def _rules(request: Request) -> RuleBook:
    rules = load_rules(request.services.settings.folders)
    name = request.text("rule")
    if name is None:
        return rules
    if rules.get(name) is None:
        hint = near(name, [rule.name for rule in rules])
        raise NotFoundError(_("There is no rule “{name}”{hint}.", name=name, hint=hint))
    return rules.with_parents(name)


def _by_class(played: Replayed) -> tuple[Fact, ...]:
    counts = Counter(each.composed.notice.cls.value for each in played.notices)
    return tuple(Fact(name, count) for name, count in sorted(counts.items()))


def _by_rule(played: Replayed) -> tuple[Fact, ...]:
    counts = Counter(each.composed.alerts[0].rule for each in played.notices)
    return tuple(Fact(name, count) for name, count in counts.most_common(20))


def _people(sent: Sent) -> list[str]:
    """To whom, and how; the console is told anyway."""
    return [
        f"{each.person} ({each.recipient.channel})"
        for each in sent.decisions
        if each.recipient is not None and each.outcome.sends and each.person != CONSOLE.name
    ]


def _row(number: int, sent: Sent) -> Row:
    notice = sent.composed.notice
    to: Message | str = ", ".join(_people(sent)) or _("the console alone")
    cells = (
        Instant(sent.at),
        notice.cls.value,
        edge_word(sent.composed.kind),
        notice.title,
        to,
        sent.composed.alerts[0].rule,
    )
    return Row(str(number), cells)
