"""The promises of the plant out of their TOML table: the shipped `sla.toml`, or a file of one's own."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from importlib import resources
from pathlib import Path
from typing import Any, cast

from core.areas.plant.model.maintenance import FaultSeverity
from core.areas.plant.rules.policy import DEFECT_SEVERITIES, Promise, SlaPolicy
from core.errors import SettingsError
from core.message import Message, _
from core.text import clean

__all__ = ["load_policy", "read_policy"]

_POLICY_FILE = "sla.toml"

_LENGTH = re.compile(r"(\d{1,5}) ?(min|h|d)")
_UNITS: Mapping[str, timedelta] = {
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
}
_MAINTENANCE = tuple(each.value for each in FaultSeverity)
_SOP = "any"


def load_policy(path: Path | None) -> SlaPolicy:
    """The promises in force: those of the file that the settings name, otherwise the shipped ones.

    Raises:
        SettingsError: the file can't be read or used; the sentence says what to change in it.
    """
    if path is None:
        shipped = resources.files("core.areas.plant.configuration").joinpath(_POLICY_FILE)
        return read_policy(shipped.read_text(encoding="utf-8"), _POLICY_FILE)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            _(
                "PLANT_SLA_POLICY names {path}, which can’t be read: {reason}. Name another file, or none.",
                path=str(path),
                reason=clean(str(error)),
            )
        ) from error
    return read_policy(text, str(path))


def read_policy(text: str, place: str) -> SlaPolicy:
    """The promises that the text of a file makes; `place` is what to call it.

    Raises:
        SettingsError: it is no TOML, something is missing or unknown, or a time makes no sense.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        reason = clean(str(error))
        raise SettingsError(_("{place} is not valid TOML: {reason}.", place=place, reason=reason)) from error
    _only(document, ("maintenance", "defect", "sop"), place)
    maintenance = _promises(document, "maintenance", _MAINTENANCE, place)
    return SlaPolicy(
        maintenance={each: maintenance[each.value] for each in FaultSeverity},
        defect=_promises(document, "defect", DEFECT_SEVERITIES, place),
        sop=_promises(document, "sop", (_SOP,), place)[_SOP],
    )


def _promises(
    document: Mapping[str, Any], section: str, names: Sequence[str], place: str
) -> dict[str, Promise]:
    """The promise under each of the names of one section."""
    here = f"{place}, [{section}]"
    table = _table(document, section, place)
    _only(table, names, here)
    return {name: _promise(_table(table, name, here), f"{here}, {name}") for name in names}


def _promise(table: Mapping[str, Any], place: str) -> Promise:
    _only(table, ("response", "completion"), place)
    promise = Promise(_length(table, "response", place), _length(table, "completion", place))
    if promise.response > promise.completion:
        raise _wrong(place, _("the response can’t be later than the completion; make it shorter"))
    return promise


def _length(table: Mapping[str, Any], key: str, place: str) -> timedelta:
    value = table.get(key)
    if value is None:
        raise _wrong(place, _("“{key}” is missing; write a time like 8h", key=key))
    found = _LENGTH.fullmatch(value.strip()) if isinstance(value, str) else None
    length = int(found[1]) * _UNITS[found[2]] if found is not None else timedelta(0)
    if not length:
        written = clean(str(value), 40)
        raise _wrong(
            place,
            _("“{key}” can’t be “{value}”; write a time like 30min, 8h or 3d", key=key, value=written),
        )
    return length


def _table(document: Mapping[str, Any], key: str, place: str) -> Mapping[str, Any]:
    value = document.get(key)
    if not isinstance(value, dict):
        raise _wrong(place, _("“{key}” is missing, or is no table; the shipped file shows all", key=key))
    return cast("Mapping[str, Any]", value)


def _only(table: Mapping[str, Any], known: Sequence[str], place: str) -> None:
    stray = sorted(set(table) - set(known))
    if stray:
        names = ", ".join(known)
        raise _wrong(place, _("there is no “{key}”; there is {known}", key=clean(stray[0], 60), known=names))


def _wrong(place: str, reason: Message) -> SettingsError:
    return SettingsError(_("{place}: {reason}.", place=place, reason=reason))
