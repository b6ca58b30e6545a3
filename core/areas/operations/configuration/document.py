"""Reading TOML that people write, so that whatever is wrong is said by file, entry and key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from enum import Enum
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar, cast

from core.errors import SettingsError
from core.message import Message, _
from core.text import clean

__all__ = ["Entry", "own_or_shipped", "read_toml"]

E = TypeVar("E", bound=Enum)

_ID = re.compile(r"[a-z0-9]+([_-][a-z0-9]+)*")


class Entry:
    """One table of a document, asked for its values by name; what was never asked for is refused."""

    def __init__(self, table: object, place: str, *, keys: Sequence[str]) -> None:
        """Take a table whose keys are all among `keys`.

        Raises:
            SettingsError: it isn't a table, or has another key.
        """
        self._place = place
        if not isinstance(table, dict):
            raise self.wrong(_("it must be a table"))
        self._values = cast("dict[str, Any]", table)
        stray = sorted(set(self._values) - set(keys))
        if stray:
            known = ", ".join(keys)
            raise self.wrong(_("there is no “{key}”; there is {known}", key=clean(stray[0], 60), known=known))

    def wrong(self, reason: Message) -> SettingsError:
        """The error that says what is wrong here."""
        return SettingsError(_("{place}: {reason}.", place=self._place, reason=reason))

    def text(self, key: str, default: str | None = None) -> str:
        """A line of text."""
        value = self._values.get(key, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise self.wrong(_("“{key}” must be a text", key=key))
        return clean(value)

    def id(self, key: str) -> str:
        """A name for programs: small letters, digits, single hyphens."""
        value = self.text(key)
        if not _ID.fullmatch(value):
            raise self.wrong(
                _(
                    "“{key}” must be small letters and digits joined by “-”, not “{value}”",
                    key=key,
                    value=value,
                )
            )
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        value = self._values.get(key, default)
        if not isinstance(value, bool):
            raise self.wrong(_("“{key}” must be true or false", key=key))
        return value

    def choice(self, key: str, kind: type[E], default: E | None = None) -> E:
        """One of the words of an enum."""
        value = self._values.get(key, default.value if default is not None else None)
        for each in kind:
            if each.value == value:
                return each
        known = ", ".join(str(each.value) for each in kind)
        raise self.wrong(
            _(
                "“{key}” can’t be “{value}”; it is one of: {known}",
                key=key,
                value=clean(str(value)),
                known=known,
            )
        )

    def value(self, key: str) -> object:
        """Whatever stands there, or nothing."""
        return self._values.get(key)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, empty where there is none."""
        return tuple(
            clean(each) if isinstance(each, str) else self._no_text(key) for each in self.entries(key)
        )

    def entries(self, key: str) -> list[object]:
        """A list of whatever, empty where there is none."""
        value = self._values.get(key, [])
        if not isinstance(value, list):
            raise self.wrong(_("“{key}” must be a list", key=key))
        return cast("list[object]", value)

    def _no_text(self, key: str) -> str:
        raise self.wrong(_("“{key}” must be a list of texts", key=key))


def read_toml(text: str, place: str) -> Mapping[str, Any]:
    """The document that `text` is.

    Raises:
        SettingsError: it isn't TOML.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        reason = clean(str(error))
        raise SettingsError(_("{place} is not valid TOML: {reason}.", place=place, reason=reason)) from error


def own_or_shipped(folder: Path | None, name: str) -> tuple[str, str]:
    """The text of the file `name` and what to call it: the person's own in `folder`, else the shipped one.

    Raises:
        SettingsError: the person's own can't be read.
    """
    if folder is not None:
        path = folder / name
        try:
            return path.read_text(encoding="utf-8"), str(path)
        except FileNotFoundError:
            pass  # the shipped one holds
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(
                _("{path} can't be read: {reason}.", path=str(path), reason=clean(str(error)))
            ) from error
    shipped = resources.files("core.areas.operations.configuration")
    for part in name.split("/"):
        shipped = shipped.joinpath(part)
    return shipped.read_text(encoding="utf-8"), name
