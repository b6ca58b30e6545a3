"""Typed values out of one TOML table, each refused with a sentence that says what would do."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, cast

from core.message import Message, _
from core.notify.notice import NoticeClass
from core.notify.rules.model import Scalar, template_fields
from core.principal import Group
from core.text import clean
from core.units import Severity, Unit

__all__ = ["Fields", "WrongRuleError", "near", "read_duration"]

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(s|m|h|d)")
_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_CLASSES = {each.value: each for each in (NoticeClass.CRITICAL, NoticeClass.NORMAL, NoticeClass.INFO)}
_SEVERITIES = {each.name.lower(): each for each in Severity if each >= Severity.GOOD}
_GROUPS = {each.value: each for each in Group}
_UNITS = {each.value.lower(): each for each in Unit if each.value}


class WrongRuleError(Exception):
    """A rule can't be read; the message says why, and `key` where in it."""

    def __init__(self, message: Message, key: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.key = key


def read_duration(text: str) -> timedelta:
    """A length of time such as `90s`, `5m`, `1.5h` or `7d`; raises `ValueError` otherwise."""
    found = _DURATION.fullmatch(text.strip().lower())
    if found is None:
        raise ValueError("not a length of time")
    return timedelta(seconds=float(found[1]) * _SECONDS[found[2]])


def near(name: str, known: Iterable[str]) -> Message | str:
    """“; did you mean …?” where one of the known names is close."""
    found = difflib.get_close_matches(name, list(known), n=1)
    return _("; did you mean “{near}”?", near=found[0]) if found else ""


class Fields:
    """One table; what has been asked for is remembered, so that what is left over can be refused."""

    def __init__(self, table: object) -> None:
        if not isinstance(table, dict):
            raise WrongRuleError(_("it must be a table of keys and values"))
        self._table = cast("dict[str, Any]", table)
        self._asked: set[str] = set()

    def __contains__(self, name: str) -> bool:
        return name in self._table

    def finish(self) -> None:
        """Refuse keys that nobody asked for."""
        for name in self._table:
            if name not in self._asked:
                hint = near(name, self._asked)
                reason = _("there is no key “{key}”{hint}", key=clean(name, 60), hint=hint)
                raise WrongRuleError(reason, name)

    def text(self, name: str, default: str | None = None, *, pattern: str = "") -> str:
        """Text, in the form of `pattern` where one is given."""
        value = self._get(name)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or not value.strip():
            raise self._refused(name, _("some text"))
        if pattern and not re.fullmatch(pattern, value):
            raise self._refused(name, _("lower-case words joined by dots"))
        return value.strip()

    def template(self, name: str, default: str) -> str:
        """Text with fields in braces."""
        value = self.text(name, default)
        try:
            template_fields(value)
        except ValueError:
            raise self._refused(
                name, _("text with names in braces, such as “pod:{pod}”", pod="{pod}")
            ) from None
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; none when the key is missing."""
        value = self._get(name)
        if value is None:
            return ()
        items = cast("list[Any]", value) if isinstance(value, list) else [None]
        if not items or not all(isinstance(each, str) and each for each in items):
            raise self._refused(name, _("a list of words in quotes"))
        return tuple(cast("list[str]", items))

    def flag(self, name: str, *, default: bool) -> bool:
        """True or false."""
        value = self._get(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self._refused(name, _("true or false"))
        return value

    def number(self, name: str, default: float | None = None) -> float:
        """A number."""
        value = self._get(name)
        if value is None and default is not None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._refused(name, _("a number"))
        return float(value)

    def duration(self, name: str) -> timedelta | None:
        """A length of time longer than nothing; none when the key is missing."""
        value = self._get(name)
        if value is None:
            return None
        try:
            length = read_duration(value) if isinstance(value, str) else timedelta(0)
        except ValueError:
            length = timedelta(0)
        if length <= timedelta(0):
            raise self._refused(name, _("a length of time such as “5m”, “2h” or “1d”"))
        return length

    def severity(self, name: str) -> Severity | None:
        """A severity by its name."""
        return self._one_of(name, _SEVERITIES)

    def unit(self, name: str) -> Unit:
        """A unit by its symbol; a mere number when the key is missing."""
        return self._one_of(name, _UNITS) or Unit.COUNT

    def notice_class(self, name: str) -> NoticeClass | None:
        """A class of notices by its name."""
        return self._one_of(name, _CLASSES)

    def groups(self, name: str) -> frozenset[Group]:
        """Groups of people by their names."""
        found: set[Group] = set()
        for word in self.texts(name):
            group = _GROUPS.get(word.strip().lower().replace("-", " "))
            if group is None:
                raise self._refused(name, _("some of {known}", known=", ".join(_GROUPS)))
            found.add(group)
        return frozenset(found)

    def conditions(self, name: str) -> dict[str, tuple[Scalar, ...]]:
        """A table of facts, each with the value or the values of which it must have one."""
        value = self._get(name)
        if value is None:
            return {}
        if not isinstance(value, dict) or not value:
            raise self._refused(name, _("facts and their values in braces"))
        facts = cast("dict[str, Any]", value)
        found = {
            fact: tuple(cast("list[Any]", each)) if isinstance(each, list) else (each,)
            for fact, each in facts.items()
        }
        if any(not isinstance(one, str | int | float | bool) for values in found.values() for one in values):
            raise self._refused(name, _("facts and their values in braces"))
        return found

    def tables(self, name: str) -> list[Fields]:
        """A list of tables; none when the key is missing."""
        value = self._get(name)
        if value is None:
            return []
        if not isinstance(value, list) or not value:
            raise self._refused(name, _("a list of tables in braces"))
        return [Fields(each) for each in cast("list[Any]", value)]

    def table(self, name: str) -> Fields | None:
        """A table; none when the key is missing."""
        value = self._get(name)
        return None if value is None else Fields(value)

    def _one_of(self, name: str, known: Mapping[str, Any]) -> Any:
        value = self._get(name)
        if value is None:
            return None
        found = known.get(value.strip().lower()) if isinstance(value, str) else None
        if found is None:
            raise self._refused(name, _("one of {known}", known=", ".join(known)))
        return found

    def _get(self, name: str) -> Any:
        self._asked.add(name)
        return self._table.get(name)

    def _refused(self, name: str, wanted: Message) -> WrongRuleError:
        if name not in self._table:
            return WrongRuleError(_("it needs “{key}”: {wanted}", key=name, wanted=wanted))
        shown = clean(str(self._table[name]), 80)
        reason = _("“{key}” can’t be “{value}”; it takes {wanted}", key=name, value=shown, wanted=wanted)
        return WrongRuleError(reason, name)
