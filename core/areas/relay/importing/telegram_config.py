"""Reading `telegram_config.json` (production.md 3). Pure.

Who may command and who is only told, what is told, when the day is summed up, and how updates come. Every
complaint names the key and says what is expected there; keys that mean nothing here are kept by name, so
that nobody takes them for taken over.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import cast

from core.errors import InputError
from core.json_fields import JsonObject, as_list, as_object, flag
from core.message import Message, _
from core.text import clean

__all__ = ["SWITCHES", "TelegramConfig", "read_telegram_config"]

SWITCHES: Mapping[str, tuple[str, ...]] = {
    "notify_on_video_complete": ("production.video_completed",),
    "notify_on_video_failed": ("production.video_failed",),
    "notify_on_upload_complete": ("production.upload_completed",),
    "notify_on_upload_failed": ("production.upload_failed",),
    "notify_on_credit_warning": ("production.credits_low", "production.credits_critical"),
    "daily_summary_enabled": ("summary.daily",),
}
"""The switches, each with the kinds of event or notice that it is about."""

_NAMES = {"token": "bot_token", "webhook": "webhook_url", "prefix": "command_prefix"}
"""Short names that are understood, too."""

_KNOWN = frozenset(
    {
        *SWITCHES,
        *("bot_token", "admin_chat_ids", "monitoring_chat_ids", "daily_summary_time"),
        *("webhook_url", "webhook_secret", "command_prefix"),
    }
)
_WRAPPER = "telegram"
_TOKEN = re.compile(r"[1-9]\d{4,19}:[\w-]{20,60}", re.ASCII)
_TIME = re.compile(r"(\d{1,2}):(\d{2})", re.ASCII)
_WEBHOOK = re.compile(r"https?://[^\s/]+(/\S*)?")
_PREFIXES = ("/", "!", ".")
_LARGEST_ID = 2**52
_LARGEST_FILE = 1_000_000


@dataclass(frozen=True, slots=True)
class TelegramConfig:
    """What the file says. `admins` may command and `told` are only told; groups have negative ids."""

    admins: tuple[int, ...] = ()
    told: tuple[int, ...] = ()
    switches: Mapping[str, bool] = field(default_factory=dict[str, bool])
    summary_time: time | None = None
    token: str = field(default="", repr=False)
    webhook: str = ""
    webhook_secret: str = field(default="", repr=False)
    prefix: str = ""
    unknown: tuple[str, ...] = ()


def read_telegram_config(text: str) -> TelegramConfig:
    """What the file's text says.

    Raises:
        InputError: it isn't a JSON object, or a key holds what can't be used; nothing of it is taken then.
    """
    fields, unknown = _fields(text)
    admins = _ids(fields, "admin_chat_ids")
    return TelegramConfig(
        admins=admins,
        told=tuple(each for each in _ids(fields, "monitoring_chat_ids") if each not in admins),
        switches={name: _switch(fields, name) for name in SWITCHES if fields.get(name) is not None},
        summary_time=_time(fields, "daily_summary_time"),
        token=_text(fields, "bot_token", _TOKEN, _("a bot’s token, like 123456:ABC…, or nothing")),
        webhook=_text(fields, "webhook_url", _WEBHOOK, _("an address that begins with https://, or nothing")),
        webhook_secret=_text(fields, "webhook_secret", re.compile(r"\S{1,256}"), _("up to 256 characters")),
        prefix=_prefix(fields, "command_prefix"),
        unknown=unknown,
    )


def _fields(text: str) -> tuple[JsonObject, tuple[str, ...]]:
    """The known keys under their full names, and the names of the others."""
    if len(text) > _LARGEST_FILE:
        raise InputError(_("The file is too large for a configuration."))
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise InputError(_("It isn’t valid JSON, from line {line} on.", line=line)) from error
    if not isinstance(document, dict):
        raise InputError(_("A JSON object is expected, with keys such as admin_chat_ids."))
    found = as_object(cast("object", document))
    if isinstance(found.get(_WRAPPER), dict) and not _KNOWN & set(found):
        found = {**as_object(found[_WRAPPER]), **{k: v for k, v in found.items() if k != _WRAPPER}}
    named = {_NAMES.get(key, key): value for key, value in found.items()}
    if len(named) < len(found):
        twice = next(key for key in found if _NAMES.get(key, "") in found)
        raise _wrong(twice, _("it once, under one of its names"))
    known = {key: value for key, value in named.items() if key in _KNOWN}
    unknown = tuple(clean(key, 80) for key in sorted(set(named) - _KNOWN) if not key.startswith("_"))
    return known, unknown


def _ids(fields: JsonObject, key: str) -> tuple[int, ...]:
    """Chats' ids, each once, in their order; one alone needs no list."""
    value = fields.get(key)
    if value is None:
        return ()
    given = as_list(cast("object", value)) if isinstance(value, list) else [value]
    return tuple(dict.fromkeys(_id(key, each) for each in given))


def _id(key: str, value: object) -> int:
    number = value
    if isinstance(value, str) and re.fullmatch(r"\s*-?\d{1,16}\s*", value, re.ASCII):
        number = int(value)
    if isinstance(number, bool) or not isinstance(number, int) or not 0 < abs(number) <= _LARGEST_ID:
        raise _wrong(key, _("ids of chats, whole numbers such as 5001 or -1001234"))
    return number


def _switch(fields: JsonObject, key: str) -> bool:
    found = flag(fields[key])
    if found is None:
        raise _wrong(key, _("true or false"))
    return found


def _time(fields: JsonObject, key: str) -> time | None:
    value = fields.get(key)
    if value is None or value == "":
        return None
    found = _TIME.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise _wrong(key, _("a time of day, like 20:00"))
    return time(int(found[1]), int(found[2]))


def _text(fields: JsonObject, key: str, form: re.Pattern[str], expected: Message) -> str:
    """Text of that form, or nothing. What was found is never said: it may be a secret."""
    value = fields.get(key)
    if value is None or value == "":
        return ""
    if not isinstance(value, str) or not form.fullmatch(value.strip()):
        raise _wrong(key, expected)
    return value.strip()


def _prefix(fields: JsonObject, key: str) -> str:
    value = fields.get(key)
    if value is None or value == "":
        return ""
    if value not in _PREFIXES:
        raise _wrong(key, _("one of / ! ."))
    return str(value)


def _wrong(key: str, expected: Message) -> InputError:
    return InputError(_("{key}: {expected} is expected.", key=key, expected=expected))
