"""Commands that read, and those that write, on a store filled from the vectors."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from console.exits import Exit

from .conftest import NOW, Desk, run


def ask(*line: str, now: str = NOW) -> str:
    """What a line prints that must work."""
    answer = run("--now", now, *line)
    assert answer.code == Exit.DONE, answer
    return answer.out


def block(page: dict[str, Any], key: str) -> dict[str, Any]:
    return next(each for each in page["blocks"] if each["key"] == key)


@pytest.mark.usefixtures("desk")
def test_the_wan_figures_are_those_of_the_vector() -> None:
    page = json.loads(ask("wan", "--format", "json"))

    rows = {row["key"]: row["cells"] for row in block(page, "figures")["rows"]}
    assert (rows["peak"]["rx"]["value"], rows["peak_at"]["rx"]) == (80.0, "2026-01-14T17:00:00Z")
    assert rows["mean_of_peaks"]["rx"]["value"] == pytest.approx(12.9787, abs=0.0001)
    assert rows["mean_of_peaks"]["tx"]["value"] == 2.0
    assert rows["mean_throughput"]["rx"]["value"] == pytest.approx(0.5333, abs=0.0001)
    assert rows["mean_throughput"]["tx"]["value"] == pytest.approx(0.1333, abs=0.0001)
    assert rows["percentile95"]["rx"]["value"] == 10.0
    assert (rows["total"]["rx"]["value"], rows["total"]["tx"]["value"]) == (5640.0, 1410.0)
    assert block(page, "quality")["facts"]["slots"]["value"] == "94 of 96"
    assert block(page, "quality")["facts"]["complete"]["value"]["share"] == pytest.approx(0.979167, abs=1e-6)
    (window,) = (row["cells"] for row in block(page, "windows")["rows"])
    assert (window["from"], window["to"]) == ("2026-01-14T17:00:00Z", "2026-01-14T18:00:00Z")
    assert (window["kind"], window["mean"]["value"]) == ("High", 80.0)


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(
    ("span", "location", "rows", "uptime", "trend", "rating"),
    [
        ("3h", "Vector 3 h", 12, 83.33, "declining", "Critical"),
        ("24h", "Vector 24 h", 96, 97.9167, "stable", "Fair"),
        ("7d", "Vector 7 d", 672, 99.7024, "stable", "Excellent"),
    ],
)
def test_the_uptime_figures_are_those_of_the_vectors(
    span: str, location: str, rows: int, uptime: float, trend: str, rating: str
) -> None:
    page = json.loads(ask("stats", "--span", span, "--location", location, "--format", "json"))

    facts = {key: fact["value"] for key, fact in block(page, "uptime")["facts"].items()}
    assert 100 * facts["uptime"]["share"] == pytest.approx(uptime, abs=0.005)
    assert (facts["rows"], facts["offline_rows"], facts["incidents"]) == (rows, 2, 1)
    assert (facts["trend"], facts["rating"]["word"]) == (trend, rating)
    assert facts["coverage"]["share"] == 1.0


@pytest.mark.usefixtures("desk")
def test_csv_has_a_row_for_every_bucket_and_gaps_as_gaps() -> None:
    rows = list(csv.DictReader(io.StringIO(ask("wan", "--span", "24h", "--format", "csv"))))

    assert len(rows) == 96
    assert (rows[0]["time"], rows[-1]["time"]) == ("2026-01-14T00:00:00Z", "2026-01-14T23:45:00Z")
    empty = [row["time"][11:16] for row in rows if row["download (Mbps)"] == row["upload (Mbps)"] == ""]
    assert empty == ["00:45", "01:00"]


@pytest.mark.usefixtures("desk")
def test_every_form_tells_the_same() -> None:
    text, markdown = ask("wan"), ask("wan", "--format", "markdown")

    assert text.startswith("WAN · Vector A, last 24 hours")
    assert markdown.startswith("# WAN · Vector A, last 24 hours\n")
    for form in (text, markdown):
        assert "80.00 Mbps" in form
        assert "5,640 MB" in form
        assert "\x1b" not in form
    assert all(len(line) <= 100 for line in text.splitlines())


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(
    "command",
    ["status", "fleet", "nodes", "wifi", "devices", "speedtest", "stats", "overview", "sources", "events"],
)
def test_every_reading_command_answers_in_every_form(command: str) -> None:
    assert json.loads(ask(command, "--format", "json"))["blocks"]
    assert ask(command, "--format", "md").startswith("# ")
    assert "," in ask(command, "--format", "csv").splitlines()[0]
    assert len(ask(command).splitlines()) > 1


@pytest.mark.usefixtures("desk")
def test_rows_are_filtered_sorted_and_counted() -> None:
    assert "2 of 4" in ask("locations", "--limit", "2")
    found = ask("locations", "--filter", "24")
    assert "Vector 24 h" in found
    assert "Vector 7 d" not in found

    def names(*line: str) -> list[str]:
        page = json.loads(ask("locations", "--format", "json", *line))
        return [row["cells"]["name"] for row in block(page, "locations")["rows"]]

    assert names("--sort", "name", "--reverse") == sorted(names(), reverse=True)


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("locations --sort nmae", "There is no column “nmae”: did you mean “name”?"),
        ("wifi --sort colour", "This page has no table to sort."),
        ("wan --location nowhere", "There is no location “nowhere” here."),
        (
            "wan --location vector",
            "“vector” fits 4 locations: Vector 24 h, Vector 3 h, Vector 7 d",
        ),
        ("status --at 2030-01-01", "That moment lies in the future."),
        ("select", "“select” needs “location”, one of: Vector 24 h, Vector 3 h, Vector 7 d, Vector A."),
    ],
)
def test_what_is_not_there_is_named(line: str, sentence: str) -> None:
    answer = run("--now", NOW, *line.split())

    assert answer.code == Exit.USAGE
    assert sentence in answer.err
    assert answer.out == ""


@pytest.mark.usefixtures("desk")
def test_a_location_is_found_by_a_part_of_its_name() -> None:
    assert "Vector 24 h" in ask("status", "--location", "24 h").splitlines()[0]


@pytest.mark.usefixtures("desk")
def test_at_shows_what_was_known_then() -> None:
    before = ask("locations", "--at", "2026-01-14T23:00:00Z")

    assert "As it was on 2026-01-14 23:00 UTC." in before
    assert "Vector A" not in before
    assert "Vector A" in ask("locations", "--at", NOW, now="2026-01-15T09:00:00Z")


@pytest.mark.usefixtures("desk")
def test_what_is_old_is_said_to_be_old_and_why_nothing_changes_that() -> None:
    answer = run("--now", "2026-01-15T04:00:00Z", "status")

    assert answer.code == Exit.DONE
    assert "Unknown: last answer 4 h ago." in answer.out
    assert "nothing is polling: add --refresh" in answer.err


@pytest.mark.usefixtures("desk")
def test_refresh_asks_first() -> None:
    answer = run("--now", "2026-01-15T00:30:00Z", "status", "--refresh")

    assert "Unknown" not in answer.out
    assert answer.err == "Asking the sources\n"


def test_a_fresh_home_is_told_where_to_begin() -> None:
    answer = run("status")

    assert answer.code == Exit.DONE
    assert "run “opsdeck setup”, “opsdeck usage setup”, or look around with “opsdeck --demo”" in answer.err


@pytest.mark.usefixtures("desk")
def test_a_session_that_may_only_read_is_refused_to_write(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPSDECK_READ_ONLY", "yes")

    answer = run("select", "Vector A")

    assert answer.code == Exit.REFUSED
    assert "may only read" in answer.err


def test_credentials_that_are_refused_end_with_the_code_for_upstreams(desk: Desk) -> None:
    answer = run("setup", desk.simulator.partner_id, stdin="Basic c29tZWJvZHk6Q0FOQVJZLXNlY3JldA==\n")

    assert answer.code == Exit.UPSTREAM
    assert answer.out == ""
    assert_nowhere("c29tZWJvZHk6Q0FOQVJZ", desk.home, answer.err)


@pytest.mark.usefixtures("desk")
def test_what_is_no_header_is_not_sent_and_not_repeated(desk: Desk) -> None:
    answer = run("setup", "PARTNER", stdin="hunter2-CANARY\n")

    assert answer.code == Exit.USAGE
    assert "authorization header" in answer.err
    assert_nowhere("hunter2-CANARY", desk.home, answer.err)


def test_without_the_token_address_setup_says_what_to_do(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PLUME_TOKEN_URL")

    answer = run("setup", desk.simulator.partner_id, stdin=f"{desk.simulator.authorization}\n")

    assert answer.code == Exit.USAGE
    assert "Set PLUME_TOKEN_URL" in answer.err


def test_the_header_that_was_set_up_is_kept_encrypted_only(desk: Desk) -> None:
    assert_nowhere(desk.simulator.authorization.removeprefix("Basic "), desk.home)


def assert_nowhere(secret: str, home: Path, *texts: str) -> None:
    """The secret stands in none of the texts and in no file below the folder."""
    assert not any(secret in text for text in texts)
    files = [file for file in home.rglob("*") if file.is_file()]
    assert files
    assert [file for file in files if secret.encode() in file.read_bytes()] == []
