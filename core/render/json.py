"""A page as JSON for programs: figures at full precision, moments in UTC, absences with their reasons.

    {
      "opsdeck": 1,                         the version of this schema
      "page": "network.wan", "title": "WAN · Harbour Office",
      "verdict": STATE,
      "as_of": TIME, "at": TIME,            when the newest data was recorded; the past moment wound back to
      "source": {"freshness": "live" | "stale" | "unknown" | "never",
                 "last_good": TIME, "reason": TEXT, "next_try": TIME},
      "blocks": [{"kind": KIND, "key": "wan", "title": TEXT, …}, …]
    }

A block has, beside its kind, key and title:

    facts                "facts": {KEY: {"label": TEXT, "value": VALUE, "note": TEXT}}
    table                "columns": [{"key", "title", "kind"}], "rows": [{"key", "cells": {COLUMN: VALUE}}],
                         "total" rows that match, of "unfiltered" in all; "rows" may be only the first
    chart                "unit", "start", "end", "step" in seconds, "figures" like the facts of facts,
                         "thresholds": [{"value", "label", "severity"}],
                         "series": [{"name", "points": [[TIME, NUMBER], …]}]; those kept in buckets also
                         carry "low" and "high", one for each point
    meter                "value", "limit": VALUE, "share": NUMBER, "severity", "thresholds", "note"
    note                 "severity", "text"
    document             "paragraphs": [TEXT, …]
    code                 the fields of facts
    any other kind       the fields of table

A KEY is the English label in lower case with underscores, the same in every language. A VALUE is one of

    {"value": 231.4, "unit": "Mbps"}        a quantity; the unit of a count is ""
    {"share": 0.979167}                     a part of a whole
    {"seconds": 3900.0}                     a length of time
    {"amount": "12.50", "currency": "EUR"}
    {"severity": "warning", "word": TEXT}   a STATE
    {"absent": TEXT}                        no value, and why; never 0
    TIME, TEXT or a whole number

TIME is ISO 8601 in UTC ("2026-01-14T17:00:00Z") and TEXT is in the reader's language. Where there is no
TIME, TEXT or NUMBER it is null. Fields may be added; none is renamed or removed while "opsdeck" stays 1.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeAlias

from core.message import Message
from core.moment import from_epoch
from core.page import Block, Chart, ChartSeries, Document, Fact, Facts, Meter, Note, Page, Table, Threshold
from core.render.heading import title_of
from core.render.values import NO_NUMBER, Formatter
from core.units import Absent, Instant, Money, Quantity, Severity, Share, Span, State, Value

__all__ = ["SCHEMA", "iso", "keys_of", "render"]

Json: TypeAlias = "Mapping[str, Json] | Sequence[Json] | str | int | float | bool | None"

SCHEMA = 1
"""The version of the schema above."""


def render(page: Page, formatter: Formatter, *, width: int = 100) -> str:
    """`page` as JSON text ending in a newline; `width` has no meaning here."""
    formatter = formatter.at(page.at)
    source = page.source_state
    content: Json = {
        "opsdeck": SCHEMA,
        "page": page.key,
        "title": title_of(page, formatter),
        "verdict": _value(page.verdict, formatter),
        "as_of": _time(page.as_of),
        "at": _time(page.at),
        "source": {
            "freshness": source.freshness.value,
            "last_good": _time(source.last_good),
            "reason": _text(source.reason, formatter),
            "next_try": _time(source.next_try),
        },
        "blocks": [_block(block, formatter) for block in page.blocks],
    }
    return json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def iso(moment: datetime) -> str:
    """`moment` in ISO 8601, in UTC, with a Z."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def keys_of(facts: Sequence[Fact]) -> list[str]:
    """A key for each fact from its English label; a second fact of the same label gets `_2`."""
    keys: list[str] = []
    for fact in facts:
        label = fact.label.id if isinstance(fact.label, Message) else fact.label
        name = re.sub(r"\W+", "_", label.lower(), flags=re.ASCII).strip("_") or "fact"
        key, number = name, 1
        while key in keys:
            number += 1
            key = f"{name}_{number}"
        keys.append(key)
    return keys


def _block(block: Block, formatter: Formatter) -> Json:
    kind = type(block).__name__.lower()
    return {
        "kind": kind,
        "key": block.key,
        "title": formatter.message(block.title),
        **_fields(block, formatter),
    }


def _fields(block: Block, formatter: Formatter) -> Mapping[str, Json]:
    match block:
        case Facts():
            return {"facts": _facts(block.facts, formatter)}
        case Table():
            return _table(block, formatter)
        case Chart():
            return _chart(block, formatter)
        case Meter():
            return {
                "value": _value(block.value, formatter),
                "limit": _value(block.limit, formatter),
                "share": _finite(block.share),
                "severity": _severity(block.severity),
                "thresholds": _thresholds(block.thresholds, formatter),
                "note": _text(block.note, formatter),
            }
        case Note():
            return {"severity": _severity(block.severity), "text": formatter.message(block.text)}
        case Document():
            return {"paragraphs": [formatter.paragraph(paragraph) for paragraph in block.paragraphs]}
        case _:
            return _fields(block.lower(), formatter)


def _facts(facts: Sequence[Fact], formatter: Formatter) -> Json:
    return {
        key: {
            "label": formatter.value(fact.label),
            "value": _value(fact.value, formatter),
            "note": _text(fact.note, formatter),
        }
        for key, fact in zip(keys_of(facts), facts, strict=True)
    }


def _table(table: Table, formatter: Formatter) -> Mapping[str, Json]:
    return {
        "columns": [
            {"key": column.key, "title": formatter.message(column.title), "kind": column.kind.value}
            for column in table.columns
        ],
        "rows": [
            {
                "key": row.key,
                "cells": {
                    column.key: _value(cell, formatter)
                    for column, cell in zip(table.columns, row.cells, strict=True)
                },
            }
            for row in table.rows
        ],
        "total": table.total,
        "unfiltered": table.unfiltered,
    }


def _chart(chart: Chart, formatter: Formatter) -> Mapping[str, Json]:
    return {
        "unit": chart.unit.value,
        "start": iso(chart.start),
        "end": iso(chart.end),
        "step": chart.step,
        "thresholds": _thresholds(chart.thresholds, formatter),
        "figures": _facts(chart.figures, formatter),
        "series": [_series(series, formatter) for series in chart.series],
    }


def _series(series: ChartSeries, formatter: Formatter) -> Json:
    fields: dict[str, Json] = {
        "name": formatter.value(series.name),
        "points": [[iso(from_epoch(moment)), _finite(value)] for moment, value in series.points],
    }
    if series.low:
        fields["low"] = [_finite(value) for value in series.low]
    if series.high:
        fields["high"] = [_finite(value) for value in series.high]
    return fields


def _thresholds(thresholds: Sequence[Threshold], formatter: Formatter) -> Json:
    return [
        {
            "value": _finite(each.value),
            "label": formatter.message(each.label),
            "severity": _severity(each.severity),
        }
        for each in thresholds
    ]


def _value(value: Value, formatter: Formatter) -> Json:
    match value:
        case Quantity(number, unit) if math.isfinite(number):
            return {"value": number, "unit": unit.value}
        case Share(part) if math.isfinite(part):
            return {"share": part}
        case Quantity() | Share():
            return {"absent": formatter.message(NO_NUMBER)}
        case Span(length):
            return {"seconds": length.total_seconds()}
        case Money(amount, currency):
            return {"amount": str(amount), "currency": currency}
        case Instant(moment):
            return iso(moment)
        case State(severity, word):
            return {"severity": _severity(severity), "word": formatter.value(word)}
        case Absent():
            return {"absent": formatter.reason(value)}
        case str() | Message():
            return formatter.value(value)
        case int():
            return value


def _finite(number: float | None) -> float | None:
    return number if number is not None and math.isfinite(number) else None


def _severity(severity: Severity) -> str:
    return severity.name.lower()


def _text(message: Message | None, formatter: Formatter) -> str | None:
    return None if message is None else formatter.message(message)


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else iso(moment)
