"""Response procedures and contacts: as shipped, or one’s own; the same wherever they are asked for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.areas.operations.configuration.contacts import load_contacts, of_tier, read_contacts
from core.areas.operations.configuration.procedures import SEVERITIES, load_procedure
from core.errors import InputError, NotFoundError, SettingsError
from core.page import Document
from core.principal import Principal, Role

from .routine import CUSTOMER, PUBLIC, World, cells, opened


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with opened(tmp_path) as made:
        yield made


async def test_there_is_a_procedure_for_every_severity_the_worst_first(world: World) -> None:
    page = await world.run("ops procedures")
    assert tuple(block.key for block in page.blocks) == SEVERITIES
    assert all(isinstance(block, Document) and len(block.paragraphs) > 3 for block in page.blocks)
    only = await world.run("ops procedures", severity="critical")
    assert [block.key for block in only.blocks] == ["critical"]
    assert "within 15 minutes" in world.render(only)
    with pytest.raises(InputError):
        await world.run("ops procedures", severity="terrible")


async def test_ones_own_procedure_takes_the_place_of_the_shipped_one(world: World) -> None:
    world.write("procedures/critical.txt", "All hands\n\n1. Call {Amina} <b>now</b>\x1b[31m.\n")
    text = world.render(await world.run("ops procedures", severity="critical"))
    assert "All hands" in text
    assert "Call {Amina} <b>now</b>" in text
    assert "\x1b" not in text
    assert load_procedure(world.home / "config", "high").own is False


async def test_customers_see_how_their_own_tier_reaches_the_team(world: World) -> None:
    page = await world.run("ops contact", by=CUSTOMER)
    assert page.crumb == "Ultra Premium"
    assert cells(page, "ultra_premium.ways")["ultra_premium.1"]["address"] == "support open"
    assert "1 h" in world.render(page)
    others = world.render(await world.run("ops contact", by=PUBLIC))
    assert "no time is promised" in others
    odd = Principal("juma", Role.CUSTOMER, "test", tier="unheard of")
    assert (await world.run("ops contact", by=odd)).crumb == "Everyone else"


async def test_the_team_sees_every_tier_and_anybody_may_name_one(world: World) -> None:
    assert len((await world.run("ops contact")).blocks) == 8
    assert (await world.run("ops contact", by=PUBLIC, tier="elite")).crumb == "Elite"
    with pytest.raises(NotFoundError, match="elite"):
        await world.run("ops contact", tier="gold")


def test_the_shipped_contacts_promise_what_the_policy_does_and_name_no_address() -> None:
    found = {each.tier: each.first_response for each in load_contacts(None)}
    hours = {tier: None if each is None else each.total_seconds() / 3600 for tier, each in found.items()}
    assert hours == {"ultra_premium": 1, "elite": 4, "pro": 24, "everyone": None}
    assert {way.address for each in load_contacts(None) for way in each.ways} == {"support open", "faq"}


OWN = """
[[contact]]
tier = "everyone"
name = "All"
hours = "9 to 5, weekdays"
way = [{ name = "Ticket", address = "support open" }]
"""


def test_a_tier_without_a_contact_of_its_own_has_everyones() -> None:
    assert of_tier(read_contacts(OWN, "x"), "elite").hours == "9 to 5, weekdays"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('tier = "everyone"', 'tier = "elite"'),
        ('name = "All"', 'name = "All"\nfirst_response = "soon"'),
        ('name = "All"', 'name = "All"\nfirst_response = 0'),
        ('way = [{ name = "Ticket", address = "support open" }]', "way = []"),
        ("hours", "ours"),
    ],
)
def test_what_is_wrong_in_the_contacts_is_said(old: str, new: str) -> None:
    with pytest.raises(SettingsError, match=r"contacts\.toml"):
        read_contacts(OWN.replace(old, new), "contacts.toml")
