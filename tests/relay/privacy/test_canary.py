"""After people talked to a relay, and were told things, nothing it wrote holds a phone in clear (S20)."""

from __future__ import annotations

import base64
import logging
from pathlib import Path

import pytest

from core.command import Invocation
from core.principal import ENGINE
from tests.relay.whatsapp_service.running import ANN, world

_TYPED = "15550100077"
"""A phone that an administrator writes down; nobody has written from it."""


async def test_s20_no_file_and_no_word_of_a_run_holds_a_phone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="opsdeck")
    stranger = "15550100042"
    async with world(tmp_path) as plant, plant.relay():
        await plant.says("hi", "What do you need?")
        await plant.says("3", "MACH-001")
        plant.simulator.people.add(stranger, "Stranger")
        await plant.says("hello", "", user=stranger)
        await plant.says("lang es", "", user=stranger)
        plant.simulator.people.write(stranger, "stop")
        await plant.quiet(plant.deck)
        run = plant.deck.run
        await run(Invocation("people add", ENGINE, {"person": "Nia", "groups": "quality"}))
        where = {"person": "Nia", "channel": "whatsapp", "address": f"whatsapp:+{_TYPED}"}
        await run(Invocation("people address", ENGINE, where))
        pages = [
            repr(await run(Invocation(name, ENGINE))) for name in ("people", "relay", "whatsapp", "outbox")
        ]
        await plant.quiet(plant.deck)
    written = {each: each.read_bytes() for each in tmp_path.rglob("*") if each.is_file()}
    assert any(each.suffix == ".db" for each in written)
    said = " ".join(
        [*pages, *(each.getMessage() for each in caplog.records if each.name.startswith("opsdeck"))]
    )
    for phone in (ANN, stranger, _TYPED):
        assert phone not in said
        for looked_for in (phone.encode(), base64.b64encode(phone.encode()).rstrip(b"=")):
            assert [each.name for each, content in written.items() if looked_for in content] == []
