"""Checklists as people write them: `checklists.toml`."""

from __future__ import annotations

import hashlib
import json
from datetime import date, time
from pathlib import Path
from zoneinfo import ZoneInfo

from core.areas.operations.configuration.document import Entry, own_or_shipped, read_toml
from core.areas.operations.model_checklists import (
    WEEKDAYS,
    ChecklistTemplate,
    DueDay,
    Evidence,
    Period,
    TemplateItem,
)
from core.message import _
from core.moment import zone_names

__all__ = ["CHECKLISTS_FILE", "load_checklists", "read_checklists"]

CHECKLISTS_FILE = "checklists.toml"

_KEYS = ("id", "name", "period", "slot", "due_on", "due_at", "zone", "active_from", "item")
_DUE_DAYS = {
    Period.DAILY: (DueDay.SAME_DAY,),
    Period.WEEKLY: WEEKDAYS,
    Period.MONTHLY: (DueDay.LAST_BUSINESS_DAY, DueDay.LAST_DAY),
}
"""The days on which a checklist of each period may be due, the usual one first."""


def load_checklists(folder: Path | None, zone: ZoneInfo) -> tuple[ChecklistTemplate, ...]:
    """The checklists in force: the person's own in the config folder, else the shipped ones.

    Raises:
        SettingsError: one is wrong; the sentence names the file, the checklist and the key.
    """
    text, place = own_or_shipped(folder, CHECKLISTS_FILE)
    return read_checklists(text, place, zone)


def read_checklists(text: str, place: str, zone: ZoneInfo) -> tuple[ChecklistTemplate, ...]:
    """The checklists of a file; those that name no zone go by `zone`."""
    document = Entry(read_toml(text, place), place, keys=("checklist",))
    found = tuple(
        _checklist(table, f"{place}, checklist {number}", zone)
        for number, table in enumerate(document.entries("checklist"), 1)
    )
    ids = [each.id for each in found]
    twice = next((id_ for id_ in ids if ids.count(id_) > 1), None)
    if twice is not None:
        raise document.wrong(_("two checklists have the id “{id}”", id=twice))
    return found


def _checklist(table: object, place: str, zone: ZoneInfo) -> ChecklistTemplate:
    entry = Entry(table, place, keys=_KEYS)
    id_ = entry.id("id")
    entry = Entry(table, f"{place.partition(',')[0]}, checklist “{id_}”", keys=_KEYS)
    period = entry.choice("period", Period)
    items = tuple(_item(each, entry, id_) for each in entry.entries("item"))
    if not items:
        raise entry.wrong(_("it has no items"))
    if len({item.id for item in items}) < len(items):
        raise entry.wrong(_("two of its items have the same id"))
    due_on = entry.choice("due_on", DueDay, _DUE_DAYS[period][0])
    if due_on not in _DUE_DAYS[period]:
        known = ", ".join(day.value for day in _DUE_DAYS[period])
        raise entry.wrong(_("a {period} one can be due on: {known}", period=period.value, known=known))
    name, slot = entry.text("name"), entry.text("slot", "")
    own_zone, due_at = _zone(entry, zone), _time(entry)
    content = [
        name,
        period.value,
        slot,
        due_on.value,
        str(due_at),
        own_zone.key,
        [i.id + i.text for i in items],
    ]
    return ChecklistTemplate(
        id=id_,
        name=name,
        period=period,
        slot=slot,
        due_on=due_on,
        due_at=due_at,
        zone=own_zone,
        items=items,
        version=hashlib.sha256(json.dumps(content).encode()).hexdigest()[:8],
        active_from=_date(entry),
    )


def _item(table: object, checklist: Entry, id_: str) -> TemplateItem:
    entry = Entry(table, f"checklist “{id_}”, one of its items", keys=("id", "text", "evidence"))
    evidence = entry.choice("evidence", Evidence) if entry.value("evidence") is not None else None
    return TemplateItem(entry.id("id"), entry.text("text"), evidence)


def _zone(entry: Entry, zone: ZoneInfo) -> ZoneInfo:
    name = entry.text("zone", "")
    if not name:
        return zone
    if name not in zone_names():
        raise entry.wrong(_("“{name}” is no time zone; write it like Africa/Nairobi", name=name))
    return ZoneInfo(name)


def _time(entry: Entry) -> time | None:
    text = entry.text("due_at", "")
    if not text:
        return None
    try:
        return time.fromisoformat(text)
    except ValueError as error:
        raise entry.wrong(_("“{text}” is no time of day; write it like 09:00", text=text)) from error


def _date(entry: Entry) -> date | None:
    value = entry.value("active_from")
    if value is None:
        return None
    if type(value) is not date:
        raise entry.wrong(_("“active_from” must be a date, like 2026-01-31"))
    return value
