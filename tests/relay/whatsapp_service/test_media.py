"""Photos and documents that people send, from the phone to the ticket, by both providers (A4, B6, C2)."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from core.areas.plant.model.attachments import Attachment, AttachmentState
from core.areas.plant.store.attachments import content_of, newest_attachments
from core.command import Invocation
from core.principal import ENGINE
from core.simulators.cloud_api import CloudApiSimulator
from core.simulators.twilio import TwilioSimulator
from core.store.versions import NEWEST
from tests.relay.whatsapp_service.running import ANN, World, world

_BOTH = pytest.mark.parametrize("provider", ["twilio", "meta"])
_JPEG = b"\xff\xd8\xff\xe0 a photo of a seam"
_STRANGER = "15550100077"


async def _sends(plant: World, words: str, *, user: str = ANN, **file: object) -> None:
    seen = len(plant.shown(user))
    values: dict[str, object] = {"kind": "image", "content": _JPEG, **file}
    plant.simulator.people.send(user, **values)  # type: ignore[arg-type]
    await plant.sees(words, user, seen)


async def _kept(plant: World) -> list[Attachment]:
    async with plant.deck.services.store.reading() as connection:
        return await newest_attachments(connection, NEWEST, 100)


async def _report(plant: World) -> None:
    """A defect report, up to the question for a description."""
    await plant.says("hi", "What do you need?")
    await plant.says("1", "Which order?")
    await plant.says("ORD-12009", "What kind of defect")
    await plant.says("1", "How bad is it?")
    await plant.says("3", "How many pieces")


@_BOTH
async def test_a_photo_during_a_report_belongs_to_the_ticket(tmp_path: Path, provider: str) -> None:
    async with world(tmp_path, provider=provider) as plant, plant.relay():
        await _report(plant)
        await _sends(plant, "How many pieces", name="seam.jpg")
        await plant.sees("MED-2026-0001 goes with your report")
        await plant.says("4", "What is wrong, in a few words?")
        await _sends(
            plant,
            "At which stage",
            kind="document",
            content=b"%PDF-1.4 x",
            caption="The seam opens at the left",
        )
        await plant.presses("Do it now", "was reported")
        number = re.findall(r"RJT-2026-\d{4}", plant.shown()[-1].text)[0]
        first, second = sorted(await _kept(plant), key=lambda each: each.name)
        assert (first.ticket, second.ticket) == (number, number)
        assert (first.state, first.content_type, first.size) == (
            AttachmentState.KEPT,
            "image/jpeg",
            len(_JPEG),
        )
        assert second.content_type == "application/pdf"
        async with plant.deck.services.store.reading() as connection:
            assert await content_of(connection, first.name) == _JPEG
        page = await plant.deck.run(Invocation("defect show", ENGINE, {"defect": number}))
        shown = repr(page)
        assert "MED-2026-0001" in shown
        assert "…001" in shown
        assert "The seam opens at the left" in shown
        assert ANN not in shown


@_BOTH
async def test_a_photo_during_a_maintenance_form_and_its_question_stays_answerable_by_number(
    tmp_path: Path, provider: str
) -> None:
    async with world(tmp_path, provider=provider) as plant, plant.relay():
        await plant.says("hi", "What do you need?")
        await plant.says("3", "Which machine?")
        await plant.says("MACH-004", "What is wrong with it?")
        await _sends(plant, "goes with your report")
        await plant.says("1", "How urgent is it?")
        await _sends(plant, "Does the machine stand still?", caption="3")
        await plant.presses("yes", "What happened")
        await plant.presses("Do it now", "is open")
        assert {each.ticket[:8] for each in await _kept(plant)} == {"MNT-2026"}
        assert len(await _kept(plant)) == 2


@_BOTH
async def test_a_photo_by_itself_is_kept_and_its_sender_asked_what_it_is_about(
    tmp_path: Path, provider: str
) -> None:
    async with world(tmp_path, provider=provider) as plant, plant.relay():
        await _sends(plant, "kept as MED-2026-0001 for 30 days", caption="look at this")
        await plant.presses("Maintenance issue", "Which machine?")
        await plant.says("MACH-004", "What is wrong with it?")
        await plant.says("1", "How urgent is it?")
        await plant.says("1", "Does the machine")
        await plant.presses("Do it now", "is open")
        (kept,) = await _kept(plant)
        assert kept.ticket.startswith("MNT-2026-")
        assert kept.caption == "look at this"
        await _sends(plant, "kept as MED-2026-0002")
        await plant.presses("Add to a ticket", "Which ticket?")
        await plant.says(kept.ticket, f"belongs to {kept.ticket}")


async def test_who_sends_too_many_photos_is_told_so_once(tmp_path: Path) -> None:
    async with world(tmp_path, more={"WHATSAPP_RATE_LIMIT": "3"}) as plant, plant.relay():
        for number in range(1, 4):
            await _sends(plant, f"kept as MED-2026-000{number}")
        for _number in range(3):
            plant.simulator.people.send(ANN, kind="image", content=_JPEG)
        await plant.sees("more than I can answer")
        await plant.quiet(plant.deck)
        assert len(plant.shown()) == 4


@_BOTH
async def test_a_command_said_with_a_photo_takes_it_along(tmp_path: Path, provider: str) -> None:
    async with world(tmp_path, provider=provider) as plant, plant.relay():
        await _sends(plant, "How urgent is it?", caption="maintenance MACH-004 bearing")
        await plant.sees("MED-2026-0001 goes with your report")
        await plant.says("1", "Does the machine")
        await plant.presses("Do it now", "is open")
        (kept,) = await _kept(plant)
        assert kept.ticket.startswith("MNT-2026-")


@_BOTH
async def test_what_cannot_be_taken_is_said_and_the_report_goes_on(tmp_path: Path, provider: str) -> None:
    async with world(tmp_path, provider=provider) as plant, plant.relay():
        await _report(plant)
        await _sends(plant, "aren’t taken", kind="document", mime="text/html", content=b"<script>")
        await _sends(plant, "It isn’t what it says it is", content=b"<html>no photo</html>")
        await _sends(plant, "larger than 16 MB", content=_JPEG + bytes(16 * 1024 * 1024))
        await plant.says("4", "What is wrong, in a few words?")
        assert {each.state for each in await _kept(plant)} == {AttachmentState.FAILED}
        assert all(each.error is not None and each.origin == "" for each in await _kept(plant))


@_BOTH
async def test_what_is_away_is_tried_again_and_its_sender_told(
    tmp_path: Path, provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.relay.media.keeping.WAITS", (0.1, 0.1, 0.1))
    monkeypatch.setattr("core.relay.whatsapp.connection._FETCH_EVERY", 0.1)
    async with world(tmp_path, provider=provider) as plant, plant.relay():
        _out_of_order(plant, True)
        await _sends(plant, "can’t be fetched just now, so I try again")
        _out_of_order(plant, False)
        await plant.sees("MED-2026-0001 is here now")
        (kept,) = await _kept(plant)
        assert kept.state is AttachmentState.KEPT
        assert kept.tries >= 2


async def test_of_somebody_who_is_not_known_nothing_is_fetched(tmp_path: Path) -> None:
    async with world(tmp_path) as plant, plant.relay():
        plant.simulator.people.add(_STRANGER, "Stranger")
        before = len(plant.simulator.calls)
        await _sends(plant, "I read words and buttons only", user=_STRANGER)
        await asyncio.sleep(0.1)
        assert await _kept(plant) == []
        fetched = [each for each in list(plant.simulator.calls)[before:] if "media" in each.operation]
        assert fetched == []


def _out_of_order(plant: World, broken: bool) -> None:
    """Files can't be had for a while: the credentials are refused."""
    if isinstance(plant.simulator, CloudApiSimulator):
        plant.simulator.api.files_away = broken
    else:
        assert isinstance(plant.simulator, TwilioSimulator)
        plant.simulator.api.files_away = broken
