"""What the operator sees: the pane, one incident with the story around it, figures, the post-mortem."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.areas.incidents.lights import choices, incidents_light, objects, overview_blocks
from core.command import Invocation
from core.event import Event
from core.message import ENGLISH, Message, _
from core.page import Action, Checklist, Document, Facts, Table, Timeline
from core.render import render_as
from core.render.values import Formatter
from core.units import Absent, Severity, Share, Span
from tests.areas.incidents.world import ADMIN, NOW, World, alert, block, opened


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with opened(tmp_path) as world:
        yield world


def happened(kind: str, subject: str, severity: Severity, title: Message, minutes: float) -> Event:
    at = NOW + timedelta(minutes=minutes)
    return Event(kind, kind.split(".")[0], subject, severity, title, at)


async def test_the_pane_lists_open_incidents_by_the_next_clock_to_run_out(world: World) -> None:
    medium = await world.open("A is slow", impact="medium", urgency="medium")  # responds within 4 h
    world.pass_time(minutes=1)
    critical = await world.open("B is down", impact="high", urgency="high")  # within 15 min
    page = await world.run("incidents")
    table = block(page, "open")
    assert isinstance(table, Table)
    assert [row.key for row in table.rows] == [critical, medium]
    assert table.rows[0].action == Action("incident", _("Open"), (("id", critical),))
    text = world.text(page)
    assert "■ critical" in text
    assert "15 min left" in text
    world.pass_time(minutes=20)
    assert "OVERDUE" in world.text(await world.run("incidents"))
    await world.run("incident ack", id=critical)
    table = block(await world.run("incidents"), "open")
    assert isinstance(table, Table)
    assert [row.key for row in table.rows] == [medium, critical]


async def test_the_pane_previews_the_first_incident_and_the_last_month(world: World) -> None:
    quiet = {block.key for block in (await world.run("incidents")).blocks}
    assert quiet.isdisjoint({"lately", "first"})
    first = await world.open("B is down", impact="high", urgency="high")
    world.pass_time(minutes=10)
    await world.run("incident ack", id=first)
    page = await world.run("incidents")
    lately = block(page, "lately")
    assert isinstance(lately, Timeline)
    assert str(lately.entries[0].state.word) == "acknowledged"
    assert {entry.action for entry in lately.entries} == {Action("incident", _("Open"), (("id", first),))}
    month = block(page, "month")
    assert isinstance(month, Facts)
    figures = {str(fact.label): fact.value for fact in month.facts}
    assert figures["Acknowledged after"] == Span(timedelta(minutes=10))
    assert figures["Responded in time"] == Share(1.0, 0)
    assert isinstance(figures["Resolved after"], Absent)


async def test_the_pane_says_which_clock_runs_next_and_by_how_much_it_is_over(world: World) -> None:
    id_ = await world.open("B is down", impact="high", urgency="high")  # responds within 15 min
    world.pass_time(minutes=3, seconds=30)
    assert await _next_clock(world) == "● respond: 11 min"
    world.pass_time(minutes=30)
    assert await _next_clock(world) == "■ respond: 18 min over"
    await world.run("incident ack", id=id_)
    assert (await _next_clock(world)).startswith("● resolve: ")


async def _next_clock(world: World) -> str:
    table = block(await world.run("incidents"), "open")
    assert isinstance(table, Table)
    column = [each.key for each in table.columns].index("next")
    return Formatter(ENGLISH, ADMIN.zone, world.clock.now()).value(table.rows[0].cells[column])


async def test_the_story_of_a_saturated_line_is_told_with_its_distances(world: World) -> None:
    await world.emit(
        happened("network.wan.saturated", "location:L1", Severity.WARNING, _("The line is saturated"), -4),
        happened("production.upload_failed", "upload:u1", Severity.WARNING, _("An upload failed"), 0),
        happened("production.video_completed", "job:j1", Severity.GOOD, _("A video is finished"), -2),
    )
    world.pass_time(minutes=6)
    await world.open("Uploads fail", detected="2026-01-31T10:00Z")
    page = await world.run("incident")
    related = block(page, "related")
    assert isinstance(related, Timeline)
    lines = [str(entry.text) for entry in related.entries]
    assert lines == [
        "0 min  An upload failed",
        "0 min  Detected: Uploads fail",
        "−4 min  The line is saturated",
    ]
    assert related.entries[-1].state.severity is Severity.WARNING
    assert str(related.entries[-1].state.word) == "network"


async def test_an_incident_shows_the_arithmetic_of_its_clocks(world: World) -> None:
    id_ = await world.open(impact="high", urgency="medium")
    world.pass_time(minutes=20)
    text = world.text(await world.run("incident", id=id_))
    assert "10:00 + 1 h = 11:00" in text
    assert "40 min left" in text
    await world.run("incident ack", id=id_)
    text = world.text(await world.run("incident", id=id_))
    assert "1 h − 20 min = 40 min to spare" in text


async def test_what_cannot_be_done_now_says_why(world: World) -> None:
    id_ = await world.open()
    page = await world.run("incident", id=id_)
    actions = {action.command: action.unavailable for action in page.actions}
    assert actions["incident ack"] is None
    assert "acknowledged before it can be resolved" in str(actions["incident resolve"])


async def test_pages_are_as_they_were_then(world: World) -> None:
    id_ = await world.open("Uploads fail")
    world.pass_time(minutes=10)
    await world.run("incident ack", id=id_)
    then = await world.run("incident", id=id_, at=NOW + timedelta(minutes=5))
    text = world.text(then)
    assert "triggered" in text
    assert "Taken in hand" not in text
    assert "Nothing is open" in world.text(await world.run("incidents", at=NOW - timedelta(minutes=1)))


async def test_the_figures_of_30_and_90_days(world: World) -> None:
    id_ = await world.open(impact="high", urgency="high")
    world.pass_time(minutes=10)
    await world.run("incident ack", id=id_)
    world.pass_time(hours=5)
    await world.run("incident resolve", id=id_, note="done")
    for days in ("30", "90"):
        text = world.text(await world.run("incidents figures", days=days))
        assert "10 min" in text
        assert "100.0 %" in text
        assert "SOME LATE" in text
    world.pass_time(days=31)
    assert "NO INCIDENTS" in world.text(await world.run("incidents figures"))


async def test_4_8_a_postmortem_is_prefilled_with_facts_and_leaves_causes_to_people(world: World) -> None:
    await world.emit(alert())
    await world.run("incident ack", id="1")
    world.pass_time(minutes=30)
    await world.run("incident severity", id="1", severity="high", reason="one site only")
    world.pass_time(minutes=30)
    await world.run("incident resolve", id="1", note="the operator restored it")
    await world.run(
        "incident postmortem action", id="1", text="A second line", owner="omar", due="2026-02-20"
    )
    page = await world.run("incident postmortem", id="1")
    text = world.text(page)
    assert "Time as critical" in text
    assert "Time as high" in text
    assert "kept: 0 s of 15 min" in text
    assert "2026-01-31 11:00 UTC" in text
    causes = block(page, "root-causes")
    assert isinstance(causes, Document)
    assert str(causes.paragraphs[0]) == "Not written yet."
    actions = block(page, "actions")
    assert isinstance(actions, Checklist)
    assert actions.items[0].by == "omar"


@pytest.mark.parametrize("form", ["text", "markdown", "json", "csv", "html"])
async def test_a_postmortem_and_an_incident_are_exported_in_every_form(world: World, form: str) -> None:
    await world.emit(alert())
    await world.run("incident ack", id="1")
    await world.run("incident postmortem write", id="1", section="root-causes", text="A cable was cut.")
    formatter = Formatter(ENGLISH, ADMIN.zone, world.clock.now())
    for command in ("incident postmortem", "incident", "incidents", "incidents figures"):
        assert render_as(form, await world.run(command), formatter)
    if form != "csv":
        assert "A cable was cut." in render_as(form, await world.run("incident postmortem"), formatter)


async def test_light_overview_palette_and_choices(world: World) -> None:
    request = world.deck.dispatcher.request(Invocation("", ADMIN))
    assert (await incidents_light(request)).state.severity is Severity.GOOD
    assert list(await overview_blocks(request)) == []
    id_ = await world.open("Uploads fail", impact="high", urgency="high")
    light = await incidents_light(request)
    assert (light.state.severity, light.open) == (Severity.CRITICAL, 1)
    assert id_ in str(light.headline)
    assert len(await overview_blocks(request)) == 1
    (found,) = await objects(request, "uploads")
    assert found.arguments == (("id", id_),)
    assert [choice.value for choice in await choices(request)] == [id_]


async def test_a_public_update_that_is_due_says_so(world: World) -> None:
    id_ = await world.acknowledged(impact="high", urgency="medium")
    await world.run("incident publish", id=id_, title="Slow", text="It is slow.")
    world.pass_time(minutes=61)
    assert "update due" in world.text(await world.run("incidents"), width=200)
    assert "A public update is due since" in world.text(await world.run("incident", id=id_))
