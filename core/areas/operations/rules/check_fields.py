"""The keys of one entry of `checks.toml`, each asked for once, and what is wrong with those that are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import cast

from core.message import Message, _
from core.text import clean

__all__ = ["CheckFields", "WrongCheckError"]


class WrongCheckError(Exception):
    """A key of the entry is missing, unknown or wrong; `reason` says what would do."""

    def __init__(self, key: str, reason: Message) -> None:
        super().__init__(key)
        self.key = key
        self.reason = reason


class CheckFields:
    """The entry's keys; the ones nobody asked for are refused at the end.

    Every method raises `WrongCheckError` where the key is missing without a default, or can't be used. No
    message repeats a value: it may be a secret in the wrong place.
    """

    def __init__(self, table: Mapping[str, object]) -> None:
        self._table = table
        self._asked: set[str] = set()

    def text(self, key: str, pattern: str, hint: Message, *, default: str | None = None) -> str:
        """A text that matches `pattern` wholly."""
        value = self._value(key, default)
        if value == default and default is not None:
            return default
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise WrongCheckError(key, _("“{key}” must be {hint}", key=key, hint=hint))
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; none when the key is left out."""
        value = self._value(key, ())
        if not isinstance(value, list | tuple) or not all(
            isinstance(each, str) for each in cast("Sequence[object]", value)
        ):
            raise WrongCheckError(key, _('“{key}” must be a list of texts, like ["10.0.0.1"]', key=key))
        return tuple(cast("Sequence[str]", value))

    def choice(self, key: str, choices: Sequence[str]) -> str:
        """One of a few words."""
        value = self._value(key, None)
        if value not in choices:
            known = ", ".join(choices)
            raise WrongCheckError(key, _("“{key}” must be one of: {known}", key=key, known=known))
        return cast("str", value)

    def number(
        self, key: str, *, least: float, most: float, default: float | None, whole: bool = False
    ) -> float:
        """A number within bounds; `whole` refuses fractions."""
        value = self._value(key, default)
        if default is not None and value == default:
            return default
        kinds = int if whole else (int, float)
        if isinstance(value, bool) or not isinstance(value, kinds) or not least <= value <= most:
            raise WrongCheckError(
                key, _("“{key}” must be a number from {least} to {most}", key=key, least=least, most=most)
            )
        return value

    def flag(self, key: str) -> bool:
        """True or false; false when the key is left out."""
        value = self._value(key, False)
        if not isinstance(value, bool):
            raise WrongCheckError(key, _("“{key}” must be true or false", key=key))
        return value

    def finish(self) -> None:
        """Refuse the keys that nobody asked for."""
        for key in self._table:
            if key in self._asked:
                continue
            near = get_close_matches(key, self._asked, n=1)
            shown = clean(key, 40)
            if near:
                raise WrongCheckError(
                    key, _("“{key}” means nothing here; did you mean “{near}”?", key=shown, near=near[0])
                )
            raise WrongCheckError(key, _("“{key}” means nothing here; remove it", key=shown))

    def _value(self, key: str, default: object) -> object:
        self._asked.add(key)
        value = self._table.get(key, default)
        if value is None:
            raise WrongCheckError(key, _("“{key}” is missing", key=key))
        return value
