"""The pane: who is connected, what goes to and fro, which chats there are, and who may what in them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from core.area import Request
from core.areas.relay.model import TELEGRAM, WHATSAPP, Chat, Identity, Traffic, Worker
from core.areas.relay.pages.whatsapp import (
    shown_address,
    shown_line,
    windows_facts,
    windows_table,
)
from core.areas.relay.pages.words import HOW_TO_SET_UP, ROLE_WORDS, bot_words, process_words, worker_words
from core.areas.relay.rules.condition import Condition, deaf_after, is_deaf, is_silent
from core.areas.relay.settings import RelaySettings
from core.areas.relay.store.reading import Chats, Standing, read_chats_page, read_standing
from core.engine.calendar import first_instant
from core.message import Message, _, plural
from core.moment import Window, from_epoch, to_epoch
from core.notify.telegram_settings import TelegramSettings
from core.page import (
    Action,
    Block,
    Chart,
    ChartSeries,
    Column,
    Fact,
    Facts,
    Freshness,
    Kind,
    Note,
    Page,
    Place,
    Row,
    SourceState,
    Table,
)
from core.settings import CoreSettings
from core.staleness import past_notes
from core.tabulate import tabulate
from core.units import Absent, Instant, Severity, Span, State, Unit, Value

__all__ = ["relay_page"]

_LINES = (
    Column("line", _("Line"), Kind.TEXT, 1),
    Column("state", _("State"), Kind.STATE, 1),
    Column("bot", _("Bot"), Kind.TEXT, 2),
    Column("polled", _("Last poll"), Kind.MOMENT, 1),
    Column("received_at", _("Last message in"), Kind.MOMENT, 2),
    Column("received", _("In"), Kind.NUMBER, 2),
    Column("answered", _("Answered"), Kind.NUMBER, 2),
    Column("waiting", _("Queue"), Kind.NUMBER, 2),
    Column("errors", _("Errors"), Kind.NUMBER, 2),
    Column("process", _("Process"), Kind.TEXT, 3),
)
_PEOPLE = (
    Column("person", _("Person"), Kind.TEXT, 1),
    Column("role", _("Role"), Kind.TEXT, 1),
    Column("reached", _("Reached"), Kind.STATE, 1),
    Column("user", _("User"), Kind.TEXT, 2),
    Column("language", _("Language"), Kind.TEXT, 3),
    Column("tier", _("Tier"), Kind.TEXT, 3),
)
_CHATS = (
    Column("chat", _("Chat"), Kind.TEXT, 1),
    Column("kind", _("Kind"), Kind.TEXT, 2),
    Column("told", _("Told as"), Kind.TEXT, 1),
    Column("state", _("State"), Kind.STATE, 1),
)
_HOUR = 3_600
_MOST_A_MINUTE = {TELEGRAM: 1_800, WHATSAPP: 4_800}
"""Messages that a platform takes of one sender: 30 a second (telegram.md 6), 80 (whatsapp.md B3, C3)."""

_NAMES = {TELEGRAM: _("Telegram"), WHATSAPP: _("WhatsApp")}
_TODAY = {TELEGRAM: _("Today on Telegram"), WHATSAPP: _("Today on WhatsApp")}

_KINDS = {"private": _("private"), "group": _("group"), "channel": _("channel")}
_ACTIONS = (
    Action("pair", _("Pair somebody")),
    Action("role", _("Change a role")),
    Action("unpair", _("Unpair somebody")),
    Action("relay start", _("Start the relay")),
    Action("relay stop", _("Stop the relay")),
    Action("relay logs", _("The log")),
    Action("outbox", _("The outbox")),
    Action("whatsapp", _("WhatsApp")),
)


async def relay_page(request: Request) -> Page:
    """The relay now; on a page wound back, the people and chats as they were then."""
    chats = await read_chats_page(request)
    if request.at is not None:
        source = SourceState(last_good=request.at)
        note = Note("then", _("What the relay was doing at that moment isn’t kept."), Severity.NOTICE)
        return _page(request, State(Severity.IDLE, _("PAST")), (*past_notes(request, source), note), chats)
    zone = request.services.settings.of(CoreSettings).zone
    midnight = first_instant(request.now.astimezone(zone).date(), time(), zone)
    window = _last_day(request.now)
    standing = await read_standing(request, midnight, window)
    blocks: tuple[Block, ...] = (
        *_notes(request, standing),
        _lines(request, standing),
        *(_today(channel, traffic) for channel, traffic in standing.traffic.items()),
        *_watcher(request, standing.watcher),
    )
    windows: tuple[Block, ...] = ()
    if standing.whatsapp:
        users = standing.whatsapp
        windows = (windows_facts(request, users), windows_table(request, users, chats.identities))
    return _page(request, standing.condition.state, blocks, chats, *windows, _hours(standing.hours, window))


def _page(request: Request, verdict: State, blocks: tuple[Block, ...], chats: Chats, *below: Block) -> Page:
    return Page(
        key="relay",
        title=_("Relay"),
        crumb=_crumb(chats),
        verdict=verdict,
        blocks=(*blocks, _people(request, chats), _chats(request, chats), *below),
        actions=_ACTIONS,
        as_of=request.moment,
    )


def _crumb(chats: Chats) -> Message:
    count = len({each.person for each in chats.identities if each.paired})
    return plural("{count} person", "{count} people", count)


def _notes(request: Request, standing: Standing) -> list[Note]:
    """What is wrong, and what to do."""
    notes: list[Note] = []
    match standing.condition:
        case Condition.NOT_SET_UP:
            text = _("{how} Then “relay start” and “pair”.", how=HOW_TO_SET_UP)
            notes.append(Note("set up", text, Severity.NOTICE))
        case Condition.STOPPED:
            notes.append(Note("stopped", _("Nobody answers in chats: “relay start”."), Severity.NOTICE))
        case Condition.WAITED_FOR:
            text = plural(
                "{count} message waits, and no relay sends it: “relay start”.",
                "{count} messages wait, and no relay sends them: “relay start”.",
                standing.waiting,
            )
            notes.append(Note("stopped", text, Severity.WARNING))
        case Condition.GONE:
            text = _(
                "The relay ended without a word: “relay logs” tells its last ones, “relay start” begins anew."
            )
            notes.append(Note("gone", text, Severity.SERIOUS))
        case Condition.DEAF:
            length = Span(deaf_after(request.services.settings.of(TelegramSettings).poll_timeout))
            text = _("No poll came back well for {length} or longer: nothing is heard.", length=length)
            notes.append(Note("deaf", text, Severity.CRITICAL))
        case Condition.HEALTHY:
            pass
    notes += [_error_note(each) for each in standing.workers if each.last_error]
    return notes


def _error_note(worker: Worker) -> Note:
    age = Instant(worker.last_error_at or worker.seen_at, True)
    text = _("{line}, {age}: {error}", line=worker.line, age=age, error=worker.last_error)
    return Note(f"error:{worker.worker}:{worker.line}", text, Severity.WARNING)


def _lines(request: Request, standing: Standing) -> Table:
    rows = [_line_row(each, standing, request.now, _line_state(request, each)) for each in standing.workers]
    empty = _("No relay runs.")
    return tabulate("lines", _("Who is connected"), _LINES, rows, empty=empty, place=Place.WIDE)


def _line_state(request: Request, worker: Worker) -> State:
    if is_silent(worker, request.now):
        return State(Severity.WARNING, _("GONE"))
    if is_deaf(worker, request.services.settings.of(TelegramSettings).poll_timeout, request.now):
        return State(Severity.CRITICAL, _("DEAF"))
    word = _("POLLING") if worker.mode == "polling" else _("BY WEBHOOK")
    return State(Severity.GOOD, word)


def _line_row(worker: Worker, standing: Standing, now: datetime, state: State) -> Row:
    """A line of a process; who holds it is named where that is another process."""
    holder = standing.holders.get(worker.line)
    process = worker_words(worker.worker)
    if holder is not None and process_words(holder.identity) != process:
        process = _("{process}; polled by {holder}", process=process, holder=process_words(holder.identity))
    never = Absent(_("none yet"))
    polled: Value = Absent(_("it doesn’t poll"))
    if worker.mode == "polling":
        polled = never if worker.polled_at is None else Instant(worker.polled_at, True)
    cells: tuple[Value, ...] = (
        shown_line(worker.line),
        state,
        _bot(worker),
        polled,
        never if worker.received_at is None else Instant(worker.received_at, True),
        worker.received,
        worker.answered,
        worker.waiting,
        worker.errors,
        process,
    )
    return Row(f"{worker.worker}|{shown_line(worker.line)}", cells)


def _bot(worker: Worker) -> Value:
    return bot_words(worker) or Absent(_("not known yet"))


def _today(channel: str, traffic: Traffic) -> Facts:
    most = _MOST_A_MINUTE.get(channel)
    last_minute = None if most is None else _("of about {most}", most=most)
    facts = [
        Fact(_("Received"), traffic.received),
        *(Fact(_OUTCOMES.get(outcome, outcome), count) for outcome, count in traffic.outcomes),
        Fact(_("Still to be dealt with"), traffic.unhandled),
        Fact(_("Sent"), traffic.sent),
        Fact(_("Sent in the last minute"), traffic.last_minute, last_minute),
        Fact(_("Waiting to be sent"), traffic.waiting, _age(traffic)),
        Fact(_("Never arrived"), traffic.undelivered),
    ]
    return Facts(f"today:{channel}", _TODAY[channel], tuple(facts))


def _watcher(request: Request, found: SourceState | None) -> tuple[Facts, ...]:
    """Whether the outside watcher hears that all is well; nothing where there is none (R16)."""
    if found is None:
        return ()
    state = State(Severity.GOOD, _("TOLD"))
    if found.reason is not None:
        state = State(Severity.WARNING, _("NOT TOLD"))
    elif found.freshness is Freshness.NEVER:
        state = State(Severity.IDLE, _("WAITING"))
    elif found.freshness is not Freshness.LIVE:
        state = State(Severity.UNKNOWN, _("OVERDUE"))
    last = Absent(_("never")) if found.last_good is None else Instant(found.last_good, True)
    facts = [
        Fact(_("Watcher"), request.services.settings.of(RelaySettings).watcher),
        Fact(_("All’s well"), state),
        Fact(_("Told last"), last),
    ]
    if found.reason is not None:
        facts.append(Fact(_("Last error"), found.reason))
    return (Facts("watcher", _("Watched from outside"), tuple(facts)),)


def _last_day(now: datetime) -> Window:
    """The last 24 hours, each of them whole but the present one."""
    end = (to_epoch(now) // _HOUR + 1) * _HOUR
    return Window.last(timedelta(days=1), from_epoch(end))


def _hours(hours: Mapping[str, Mapping[int, int]], window: Window) -> Chart:
    """What came in each hour by each channel; where nothing came in there is nothing to draw."""
    begins = range(to_epoch(window.start), to_epoch(window.end), _HOUR)
    series = [
        ChartSeries(_NAMES[channel], tuple((begin, float(counts.get(begin, 0))) for begin in begins))
        for channel, counts in hours.items()
        if counts
    ]
    return Chart(
        "hours",
        _("Received in each hour"),
        Unit.COUNT,
        window.start,
        window.end,
        _HOUR,
        tuple(series),
        empty=_("Nothing came in during the last day."),
        bars=True,
    )


_OUTCOMES = {
    "answered": _("… answered"),
    "ignored": _("… ignored"),
    "refused": _("… refused"),
    "limited": _("… held back by the limits"),
    "poison": _("… unreadable"),
}


def _age(traffic: Traffic) -> Message | None:
    return None if traffic.oldest is None else _("the oldest {age}", age=Instant(traffic.oldest, True))


def _people(request: Request, chats: Chats) -> Table:
    paired = sorted(
        (each for each in chats.identities if each.paired),
        key=lambda each: (-each.role, each.person.casefold(), each.address),
    )
    return tabulate(
        "people",
        _("Who may what"),
        _PEOPLE,
        [_person_row(each, chats) for each in paired],
        request.query,
        empty=_("Nobody is paired. “pair” makes a code for a person or a group."),
    )


def _person_row(identity: Identity, chats: Chats) -> Row:
    reached = State(Severity.GOOD, _("reached"))
    if (identity.channel, identity.chat) in chats.gone or _is_left(identity, chats):
        reached = State(Severity.WARNING, _("not reached"))
    address = shown_address(identity)
    name = f"{address} ({identity.name})" if identity.name else address
    cells: tuple[Value, ...] = (
        identity.person,
        ROLE_WORDS[identity.role],
        reached,
        name,
        identity.language or Absent(_("not chosen")),
        identity.tier or Absent(_("none")),
    )
    action = Action("role", _("Change the role"), (("person", identity.person),))
    return Row(f"{address} {identity.person}", cells, action)


def _is_left(identity: Identity, chats: Chats) -> bool:
    """Whether the bot was blocked in the person's private chat."""
    return any(
        not each.present and (each.channel, each.chat) == (identity.channel, identity.chat)
        for each in chats.chats
    )


def _chats(request: Request, chats: Chats) -> Table:
    others = [each for each in chats.chats if each.kind != "private"]
    return tabulate(
        "chats",
        _("Groups"),
        _CHATS,
        [_chat_row(each, chats) for each in others],
        request.query,
        empty=_("The bot is in no group. Groups are only ever told things."),
        place=Place.SIDE,
    )


def _chat_row(chat: Chat, chats: Chats) -> Row:
    state = State(Severity.GOOD, _("present"))
    if not chat.present:
        state = State(Severity.WARNING, _("removed"))
    elif (chat.channel, chat.chat) in chats.gone:
        state = State(Severity.WARNING, _("not reached"))
    told: Value = chat.person or Absent(_("told nothing"))
    name = chat.title or chat.chat
    return Row(f"{chat.channel}:{chat.chat}", (name, _KINDS.get(chat.kind, chat.kind), told, state))
