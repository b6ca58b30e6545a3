from __future__ import annotations

import json
import math
from collections.abc import Iterator
from datetime import timedelta
from gettext import NullTranslations
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.message import Language, _
from core.page import ChartSeries, Fact, Facts, Freshness, SourceState
from core.render.json import keys_of, render
from core.render.values import Formatter
from core.units import Absent, Quantity, Share, Unit

from .sample import CORPUS, NOW, chart, formatter, page, points, repr_of


def read(*blocks: Any, **changes: Any) -> dict[str, Any]:
    return json.loads(render(page("Reception", blocks, **changes), formatter()))


def test_the_frame_of_a_page() -> None:
    source = SourceState(Freshness.STALE, NOW, _("No answer."), NOW + timedelta(minutes=1))
    content = read(source_state=source, at=NOW)
    del content["blocks"]
    assert content == {
        "opsdeck": 1,
        "page": "network.status",
        "title": "Network · Reception",
        "verdict": {"severity": "warning", "word": "degraded"},
        "as_of": "2026-01-14T17:42:00Z",
        "at": "2026-01-14T17:42:12Z",
        "source": {
            "freshness": "stale",
            "last_good": "2026-01-14T17:42:12Z",
            "reason": "No answer.",
            "next_try": "2026-01-14T17:43:12Z",
        },
    }


def test_every_value_has_its_documented_form_at_full_precision() -> None:
    blocks = read()["blocks"]
    facts = {key: fact["value"] for key, fact in blocks[1]["facts"].items()}
    assert facts == {
        "mean_of_peaks": {"value": 12.978723, "unit": "Mbps"},
        "received": {"value": 6847.0, "unit": "MB"},
        "quality": {"share": 94 / 96},
        "outage": {"seconds": 3900.0},
        "bill": {"amount": "1234.5", "currency": "EUR"},
        "peak": "2026-01-13T12:00:00Z",
        "upload": {"absent": "the speed test failed"},
        "devices": 1234,
        "reception": "Reception",
    }
    assert blocks[1]["facts"]["received"]["note"] == "since midnight"


def test_every_kind_of_block_is_there() -> None:
    kinds = "note facts table chart meter lights timeline checklist gantt conversation code document"
    assert [block["kind"] for block in read()["blocks"]] == kinds.split()


def test_a_table_gives_cells_by_column_and_says_how_many_rows_there_are() -> None:
    table = read()["blocks"][2]
    assert table["total"] == 12_431
    assert table["unfiltered"] == 20_000
    assert table["rows"][1] == {
        "key": "SIMPOD0002",
        "cells": {
            "name": "Yard",
            "state": {"severity": "critical", "word": "offline"},
            "signal": {"absent": "not reported"},
            "traffic": {"value": 0.0, "unit": "MB"},
            "seen": "2026-01-14T12:00:00Z",
        },
    }


def test_a_chart_gives_moments_and_values_with_gaps_as_null() -> None:
    downstream = read()["blocks"][3]["series"][0]
    assert downstream["points"][3:5] == [["2026-01-14T12:45:00Z", 13.0], ["2026-01-14T13:00:00Z", None]]
    bucketed = ChartSeries("x", points([1.0, None]), (0.5, None), (2.0, None))
    series = read(chart(series=(bucketed,)))["blocks"][0]["series"][0]
    assert (series["low"], series["high"]) == ([0.5, None], [2.0, None])


def test_what_is_no_number_is_absent_and_not_invalid_json() -> None:
    facts = Facts("f", _("F"), (Fact(_("A"), Quantity(math.nan)), Fact(_("B"), Share(math.inf))))
    content = read(facts, chart(series=(ChartSeries("x", points([math.nan, math.inf])),)))
    assert content["blocks"][0]["facts"]["a"]["value"] == {"absent": "not a number"}
    assert content["blocks"][0]["facts"]["b"]["value"] == {"absent": "not a number"}
    assert [value for _moment, value in content["blocks"][1]["series"][0]["points"]] == [None, None]


def test_keys_are_english_and_no_fact_hides_another() -> None:
    facts = [
        Fact(_("95th percentile (rx)"), 1),
        Fact(_("Rx"), 1),
        Fact("rx!", 1),
        Fact("漢字", 1),
        Fact("", 1),
    ]
    assert keys_of(facts) == ["95th_percentile_rx", "rx", "rx_2", "fact", "fact_2"]


def test_keys_never_collide_with_a_numbered_one() -> None:
    facts = [Fact("a", 1), Fact("a 2", 1), Fact("a", 1)]
    assert len(set(keys_of(facts))) == 3


def test_keys_and_figures_stay_in_another_language() -> None:
    class German(NullTranslations):
        def gettext(self, message: str) -> str:
            return {"Received": "Empfangen"}.get(message, message)

    german = Formatter(Language("de", German()), ZoneInfo("Europe/Berlin"), NOW)
    fact = json.loads(render(page(), german))["blocks"][1]["facts"]["received"]
    assert fact["label"] == "Empfangen"
    assert fact["value"] == {"value": 6847.0, "unit": "MB"}


@pytest.mark.parametrize("text", CORPUS, ids=repr_of)
def test_foreign_text_is_one_clean_string(text: str) -> None:
    rendered = render(page(text), formatter())
    for said in strings(json.loads(rendered)):
        assert not any(ord(character) < 32 and character not in "\n\t" for character in said)
    assert rendered.encode("utf-8")


def strings(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict):
        for key, value in content.items():
            yield key
            yield from strings(value)
    elif isinstance(content, list):
        for value in content:
            yield from strings(value)


def test_an_absence_is_never_zero() -> None:
    facts = Facts("f", _("F"), (Fact(_("A"), Absent(_("gone"))), Fact(_("B"), Quantity(0.0, Unit.MEGABYTE))))
    values = read(facts)["blocks"][0]["facts"]
    assert values["a"]["value"] == {"absent": "gone"}
    assert values["b"]["value"] == {"value": 0.0, "unit": "MB"}
