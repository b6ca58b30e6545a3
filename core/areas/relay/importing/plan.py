"""What taking over a `telegram_config.json` would change. Pure.

Nothing that is there is undone: a person or a setting that says otherwise already is left and named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.areas.relay.importing.telegram_config import SWITCHES, TelegramConfig
from core.areas.relay.model import GROUP, PRIVATE, TELEGRAM, Chat, Identity
from core.message import Message, _
from core.notify.people.person import Address, Person, Subscription
from core.principal import Role
from core.units import Severity

__all__ = ["Known", "NewSetting", "Plan", "plan_import"]

_LEAST_SECRET = 32
_SECRETS = frozenset({"TELEGRAM_BOT_TOKEN", "TELEGRAM_WEBHOOK_SECRET"})
_BEFORE = timedelta(minutes=5)
"""How long before the summary production's own is made, whose figures it carries."""


@dataclass(frozen=True, slots=True)
class Known:
    """What there is already. `settings` are those that are set anywhere, by name, as text."""

    people: Sequence[Person]
    identities: Sequence[Identity]
    chats: Sequence[Chat]
    settings: Mapping[str, str]
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class NewSetting:
    """A setting to be written into the settings file."""

    name: str
    value: str

    @property
    def shown(self) -> str:
        """The value as it may be shown."""
        return "••••" if self.name in _SECRETS else self.value


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be written, and in `lines` what that means; `remarks` are what is not taken over."""

    people: tuple[Person, ...]
    identities: tuple[Identity, ...]
    chats: tuple[Chat, ...]
    settings: tuple[NewSetting, ...]
    lines: tuple[Message, ...]
    remarks: tuple[Message, ...]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.people or self.identities or self.chats or self.settings)


def plan_import(config: TelegramConfig, known: Known) -> Plan:
    """What is to be done so that opsdeck knows what the file says."""
    planner = _Planner(known, _subscriptions(config))
    for number in config.admins:
        planner.add(number, admin=True)
    for number in config.told:
        planner.add(number, admin=False)
    settings, kept = _settings(config, known.settings)
    lines = [
        _("{name} = {value}, in the settings file", name=each.name, value=each.shown) for each in settings
    ]
    unknown = [_("{key} means nothing to opsdeck and isn’t taken over.", key=key) for key in config.unknown]
    return Plan(
        tuple(planner.people),
        tuple(planner.identities),
        tuple(planner.chats),
        tuple(settings),
        (*planner.lines, *lines),
        (*planner.remarks, *kept, *unknown),
    )


class _Planner:
    """Gathers what is to be written for each chat."""

    def __init__(self, known: Known, subscriptions: Sequence[Subscription]) -> None:
        self._known = known
        self._subscriptions = subscriptions
        self.people: list[Person] = []
        self.identities: list[Identity] = []
        self.chats: list[Chat] = []
        self.lines: list[Message] = []
        self.remarks: list[Message] = []

    def add(self, number: int, *, admin: bool) -> None:
        """Take in one chat: a person's where its id is positive, else a group's."""
        chat, is_group = str(number), number < 0
        person = self._person(chat)
        self._tell(person)
        self._know_chat(
            Chat(TELEGRAM, chat, GROUP if is_group else PRIVATE, person=person.name if is_group else "")
        )
        if not admin:
            return
        if is_group:
            self.remarks.append(
                _(
                    "{chat} is a group: it is told things. Pair its people, so that they can command.",
                    chat=chat,
                )
            )
        else:
            self._make_admin(chat, person.name)

    def _person(self, chat: str) -> Person:
        """Who is told things there already, or somebody new."""
        address = Address(TELEGRAM, chat)
        for each in self._known.people:
            if any((a.channel, a.address) == (TELEGRAM, chat) for a in each.addresses):
                return each
        name = f"{TELEGRAM}-{chat.replace('-', 'group-')}"
        namesake = next((each for each in self._known.people if each.name == name), None)
        person = namesake or Person(name, zone=self._known.zone)
        return replace(person, addresses=(*person.addresses, address))

    def _tell(self, person: Person) -> None:
        """Tell the person what the switches say, where they said nothing of it themselves."""
        said = {(each.area, each.kind) for each in person.subscriptions}
        new = tuple(each for each in self._subscriptions if (each.area, each.kind) not in said)
        wanted = replace(person, subscriptions=(*person.subscriptions, *new))
        if wanted in self._known.people:
            return
        self.people.append(wanted)
        self.lines.append(_("{person} is told things in Telegram", person=wanted.name))
        self.lines += [_line(wanted.name, each) for each in new]

    def _know_chat(self, chat: Chat) -> None:
        same = [each for each in self._known.chats if (each.channel, each.chat) == (chat.channel, chat.chat)]
        if same and (chat.kind == PRIVATE or same[0].person == chat.person):
            return
        self.chats.append(replace(chat, title=same[0].title) if same else chat)
        if chat.kind == GROUP:
            self.lines.append(_("the group {chat} is known as {person}", chat=chat.chat, person=chat.person))

    def _make_admin(self, user: str, person: str) -> None:
        """Give the user the rights, unless they are somebody already."""
        known = next(
            (each for each in self._known.identities if (each.channel, each.user) == (TELEGRAM, user)), None
        )
        if known is not None and known.paired:
            if known.role is not Role.ADMIN:
                role = known.role.name.lower()
                self.remarks.append(
                    _("{person} stays {role}: “role” changes it.", person=known.person, role=role)
                )
            return
        language = known.language if known is not None else ""
        self.identities.append(Identity(TELEGRAM, user, person, Role.ADMIN, chat=user, language=language))
        self.lines.append(_("{person} is admin in chats, as the user {user}", person=person, user=user))


def _subscriptions(config: TelegramConfig) -> list[Subscription]:
    """What the switches come to: warnings of everything, as before, and each kind on or off."""
    found = [Subscription(severity=Severity.WARNING)]
    for name, on in config.switches.items():
        found += [Subscription(kind=kind, severity=Severity.GOOD if on else None) for kind in SWITCHES[name]]
    return found


def _line(person: str, subscription: Subscription) -> Message:
    kind: Message | str = subscription.kind or _("everything")
    if subscription.severity is None:
        return _("{person} hears nothing of {kind}", person=person, kind=kind)
    return _(
        "{person} hears of {kind}, {severity} or worse",
        person=person,
        kind=kind,
        severity=subscription.severity.word,
    )


def _settings(config: TelegramConfig, given: Mapping[str, str]) -> tuple[list[NewSetting], list[Message]]:
    """The settings to be written, and why others are not."""
    remarks: list[Message] = []
    wanted = {
        "TELEGRAM_BOT_TOKEN": config.token,
        "TELEGRAM_WEBHOOK_URL": config.webhook,
        "TELEGRAM_WEBHOOK_SECRET": config.webhook_secret,
        "OPSDECK_COMMAND_PREFIX": config.prefix,
    }
    if 0 < len(config.webhook_secret) < _LEAST_SECRET:
        wanted["TELEGRAM_WEBHOOK_SECRET"] = ""
        remarks.append(_("webhook_secret is shorter than 32 characters; opsdeck makes one of its own."))
    if config.summary_time is not None:
        wanted["OPSDECK_DAILY_SUMMARY_TIME"] = f"{config.summary_time:%H:%M}"
        wanted["PRODUCTION_SUMMARY_TIME"] = f"{_earlier(config.summary_time):%H:%M}"
    settings: list[NewSetting] = []
    for name, value in wanted.items():
        if not value or given.get(name) in (value, value.rstrip("/")):
            continue
        if name in given:
            remarks.append(_("{name} is set to something else already and stays so.", name=name))
        else:
            settings.append(NewSetting(name, value))
    return settings, remarks


def _earlier(moment: time) -> time:
    """A little earlier on the same day; at its very beginning, its beginning."""
    base = datetime(2000, 1, 2, moment.hour, moment.minute)  # noqa: DTZ001  a time of day, in no zone
    earlier = base - _BEFORE
    return earlier.time() if earlier.date() == base.date() else time()
