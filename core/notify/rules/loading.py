"""Reading rules from TOML: the shipped ones, then the user's own, which may replace or switch off any."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, cast

from core.errors import SettingsError
from core.folders import Folders
from core.message import Message, _
from core.notify.notice import EXPIRIES, NoticeClass
from core.notify.rules.fields import Fields, WrongRuleError, near
from core.notify.rules.lines import line_of
from core.notify.rules.model import Rule, RuleBook
from core.notify.rules.parsing import parse_rule
from core.text import clean

__all__ = ["RULES_FILE", "load_rules", "own_rules_file", "read_rules", "shipped_rules"]

RULES_FILE = "alerts.toml"
"""The user's own rules, in the config folder."""

_SHIPPED = "default.toml"


def load_rules(folders: Folders | None, *, expiries: Mapping[NoticeClass, timedelta] = EXPIRIES) -> RuleBook:
    """The rules in force: those shipped, and over them the user's own where there is a file.

    `expiries` are those of the settings; who only looks at the rules needs none.

    Raises:
        SettingsError: a rule is wrong; the sentence names the file, the rule, the key and what would do.
    """
    rules = shipped_rules()
    path = None if folders is None else own_rules_file(folders)
    text = None if path is None else _text(path)
    if path is not None and text is not None:
        own, off = read_rules(text, str(path), known=rules)
        rules = {name: rule for name, rule in {**rules, **own}.items() if name not in off}
    _check_parents(rules)
    return RuleBook(rules.values(), expiries=expiries)


def own_rules_file(folders: Folders) -> Path:
    """Where the user's own rules stand, if there are any."""
    return folders.config / RULES_FILE


def shipped_rules() -> dict[str, Rule]:
    """The rules that come with opsdeck, by name."""
    return dict(_read_shipped())


@cache
def _read_shipped() -> Mapping[str, Rule]:
    text = resources.files("core.notify.rules").joinpath(_SHIPPED).read_text(encoding="utf-8")
    return read_rules(text, _SHIPPED, known={})[0]


def read_rules(text: str, place: str, *, known: Mapping[str, Rule]) -> tuple[dict[str, Rule], set[str]]:
    """The rules in a file's text, and the names of those it switches off.

    Raises:
        SettingsError: it isn't TOML, or a rule in it is wrong.
    """
    try:
        document: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        reason = clean(str(error))
        raise SettingsError(_("{place} is not valid TOML: {reason}.", place=place, reason=reason)) from error
    stray = sorted(set(document) - {"rule"})
    if stray:
        raise _wrong(place, "", _("there is no “{key}” in it; rules stand under [[rule]]", key=stray[0]))
    tables = document.get("rule", [])
    if not isinstance(tables, list):
        raise _wrong(place, "", _("rules are written as [[rule]], with two brackets"))
    rules: dict[str, Rule] = {}
    off: set[str] = set()
    for number, table in enumerate(cast("list[object]", tables), 1):
        name = f"#{number}"
        try:
            fields = Fields(table)
            name = fields.text("name", pattern=r"[a-z0-9_]+(\.[a-z0-9_]+)*")
            _check_new(name, {*rules, *off})
            if not fields.flag("enabled", default=True):
                _check_known(name, known)
                off.add(name)
                continue
            rules[name] = parse_rule(name, fields, place)
        except WrongRuleError as error:
            raise _wrong(place, name, error.message, line_of(text, number, error.key)) from error
    return rules, off


def _check_new(name: str, names: set[str]) -> None:
    if name in names:
        raise WrongRuleError(_("there are two of that name"))


def _check_known(name: str, known: Mapping[str, Rule]) -> None:
    if name not in known:
        hint = near(name, known)
        raise WrongRuleError(_("there is no such rule to switch off{hint}", hint=hint))


def _check_parents(rules: Mapping[str, Rule]) -> None:
    """See that every rule's parents are there, last, and lead to no circle."""
    for rule in rules.values():
        for parent in rule.parents:
            above = rules.get(parent.rule)
            if above is None:
                reason = _(
                    "its parent “{parent}” is no rule{hint}",
                    parent=parent.rule,
                    hint=near(parent.rule, rules),
                )
                raise _wrong(rule.place, rule.name, reason)
            if not above.lasting:
                reason = _("its parent “{parent}” is news and never open", parent=parent.rule)
                raise _wrong(rule.place, rule.name, reason)
        if _is_below(rule.name, rule.name, rules):
            raise _wrong(rule.place, rule.name, _("it is its own parent, through others or directly"))


def _is_below(start: str, wanted: str, rules: Mapping[str, Rule]) -> bool:
    """Whether `wanted` stands anywhere above `start`."""
    seen: set[str] = set()
    waiting = [parent.rule for parent in rules[start].parents]
    while waiting:
        name = waiting.pop()
        if name == wanted:
            return True
        if name not in seen and name in rules:
            seen.add(name)
            waiting += [parent.rule for parent in rules[name].parents]
    return False


def _wrong(place: str, rule: str, reason: Message, line: int | None = None) -> SettingsError:
    if not rule:
        return SettingsError(_("{place}: {reason}.", place=place, reason=reason))
    named = {"place": place, "rule": clean(rule, 80), "reason": reason}
    if line is None:
        return SettingsError(_("{place}, rule “{rule}”: {reason}.", **named))
    return SettingsError(_("{place}, line {line}, rule “{rule}”: {reason}.", line=str(line), **named))


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        reason = clean(str(error))
        raise SettingsError(_("{path} can’t be read: {reason}.", path=str(path), reason=reason)) from error
