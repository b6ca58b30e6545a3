"""Published media: fetched by who was given the address, for as long as it holds, and by nobody else (B6)."""

from __future__ import annotations

import base64
import re
import string
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import cast

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from core.area import Services
from core.areas.relay.settings import RelaySettings
from core.areas.relay.store.tables import RELAY_MEDIA
from core.errors import InputError, SettingsError
from core.moment import FrozenClock
from core.notify.whatsapp_settings import WhatsAppSettings
from core.relay.gateway.app import make_app
from core.relay.gateway.links import LONGEST_PATH, LinkKey, short_name
from core.relay.gateway.media import (
    LARGEST_FILE,
    LARGEST_IMAGE,
    MediaFiles,
    MediaPublisher,
    media_files,
    media_publisher,
)
from core.store.store import Store
from tests.notify.alerted import NOON

AUDIT_KEY = b"a fake audit key for tests only!"
KEY = LinkKey(b"a fake signing key for tests only")
PDF = b"%PDF-1.4 a fake document"


@dataclass
class _Gateway:
    client: httpx.AsyncClient
    store: Store
    clock: FrozenClock
    publisher: MediaPublisher

    async def publish(self, name: str = "order ORD-12345.pdf", kind: str = "application/pdf") -> str:
        return await self.publisher.publish(PDF, kind, name)

    async def rows(self) -> list[str]:
        async with self.store.reading() as connection:
            return [row.name for row in await connection.execute(select(RELAY_MEDIA))]


@asynccontextmanager
async def gateway(home: Path, key: LinkKey = KEY) -> AsyncIterator[_Gateway]:
    clock = FrozenClock(NOON)
    store = await Store.open(f"sqlite:///{home / 'm.db'}", clock=clock, audit_key=AUDIT_KEY)
    app = make_app(MediaFiles(key, store, clock).routes, lambda: True)
    publisher = MediaPublisher("https://ops.example", key, store, clock, Random(7))
    transport = httpx.ASGITransport(app=app, client=("203.0.113.7", 4711))
    async with httpx.AsyncClient(transport=transport, base_url="https://ops.example") as client:
        yield _Gateway(client, store, clock, publisher)
    await store.close()


async def test_a_file_is_fetched_with_its_type_and_name(tmp_path: Path) -> None:
    async with gateway(tmp_path) as made:
        url = await made.publish()
        assert re.fullmatch(r"https://ops\.example/m/[\w-]{32}/order-ORD-12345\.pdf", url)
        answer = await made.client.get(url)
    assert (answer.status_code, answer.content) == (200, PDF)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == (
        "attachment; filename=\"order ORD-12345.pdf\"; filename*=UTF-8''order%20ORD-12345.pdf"
    )
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]


async def test_b6_head_says_what_get_would_send(tmp_path: Path) -> None:
    async with gateway(tmp_path) as made:
        url = await made.publish()
        head, get = await made.client.head(url), await made.client.get(url)
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers == get.headers
    assert head.headers["content-length"] == str(len(PDF))


async def test_unknown_expired_and_wrongly_signed_are_the_same_404(tmp_path: Path) -> None:
    async with gateway(tmp_path) as made:
        url = await made.publish()
        token = url.split("/")[4]
        _link, unknown = KEY.path(b"\0" * 16, "order.pdf")
        changed = ("A" if token[-1] != "A" else "B").join((token[:-1], ""))
        tried = [
            url.replace(token, changed),
            url.replace("order-ORD-12345", "order-ORD-99999"),
            "https://ops.example" + unknown,
            "https://ops.example/m/",
            "https://ops.example/m",
            "https://ops.example/elsewhere",
            f"https://ops.example/m/{token}",
            f"https://ops.example/m/{token}/../../healthz",
        ]
        made.clock.advance(timedelta(hours=6).total_seconds())
        answers = [await made.client.get(each) for each in [url, *tried[:-1]]]
    assert {(each.status_code, each.content) for each in answers} == {(404, b"Not Found")}
    assert len({tuple(sorted(each.headers.items())) for each in answers}) == 1


async def test_another_installation_s_addresses_are_not_ours(tmp_path: Path) -> None:
    async with gateway(tmp_path) as made:
        _link, path = LinkKey(b"another key").path(b"\1" * 16, "order.pdf")
        assert (await made.client.get(path)).status_code == 404


async def test_every_relay_of_a_database_has_it(tmp_path: Path) -> None:
    async with gateway(tmp_path) as one, gateway(tmp_path) as other:
        assert (await other.client.get(await one.publish())).content == PDF


async def test_what_has_expired_is_forgotten_when_something_is_published(tmp_path: Path) -> None:
    async with gateway(tmp_path) as made:
        await made.publish("old.pdf")
        made.clock.advance(timedelta(hours=5).total_seconds())
        await made.publish("young.pdf")
        assert await made.rows() == ["old.pdf", "young.pdf"]
        made.clock.advance(timedelta(hours=1).total_seconds())
        await made.publish("new.pdf")
        assert await made.rows() == ["young.pdf", "new.pdf"]


async def test_the_store_does_not_know_the_addresses(tmp_path: Path) -> None:
    async with gateway(tmp_path) as made:
        token = (await made.publish()).split("/")[4][:22]
        async with made.store.reading() as connection:
            (row,) = (await connection.execute(select(RELAY_MEDIA))).all()
    assert token not in str(row)


async def test_two_files_have_nothing_in_common(tmp_path: Path) -> None:
    async with gateway(tmp_path) as made:
        tokens = {(await made.publish()).split("/")[4] for _number in range(20)}
    assert len(tokens) == 20
    assert len({each[:4] for each in tokens}) == 20


@pytest.mark.parametrize(
    ("kind", "most"), [("image/png", LARGEST_IMAGE), ("application/pdf", LARGEST_FILE)], ids=["image", "file"]
)
async def test_what_no_provider_takes_is_refused_with_how_much_it_takes(
    tmp_path: Path, kind: str, most: int
) -> None:
    async with gateway(tmp_path) as made:
        assert await made.publisher.publish(b"x" * most, kind, "fits")
        with pytest.raises(InputError, match=f"the {most // 1024**2} MB that WhatsApp takes"):
            await made.publisher.publish(b"x" * (most + 1), kind, "too large")
        assert await made.rows() == ["fits"]


async def test_a_type_can_not_smuggle_a_header(tmp_path: Path) -> None:
    async with gateway(tmp_path) as made:
        with pytest.raises(ValueError, match="no type of content"):
            await made.publish(kind="text/html\r\nset-cookie: x=1")


@pytest.mark.parametrize(
    "name", ['a"; x="b.pdf', "a\r\nb: c.pdf", "../../etc/passwd", "تقرير.pdf", "", "." * 300]
)
async def test_no_name_leads_anywhere(tmp_path: Path, name: str) -> None:
    async with gateway(tmp_path) as made:
        url = await made.publish(name)
        answer = await made.client.get(url)
    assert answer.status_code == 200
    said = answer.headers["content-disposition"]
    assert re.fullmatch(r"attachment; filename=\"[\w. -]*\"; filename\*=UTF-8''[\w.%~-]*", said, re.ASCII)
    assert len(httpx.URL(url).path) <= LONGEST_PATH


async def test_who_tries_addresses_is_told_to_wait_and_good_ones_still_work(tmp_path: Path) -> None:
    async with gateway(tmp_path) as made:
        url = await made.publish()
        wrong = [
            (await made.client.get(f"/m/{'A' * 32}/order{number}.pdf")).status_code for number in range(40)
        ]
        assert wrong == [404] * 30 + [429] * 10
        assert (await made.client.get(url)).status_code == 200
        made.clock.advance(timedelta(minutes=1).total_seconds())
        assert (await made.client.get("/m/")).status_code == 404


async def test_nothing_can_be_put_there(tmp_path: Path) -> None:
    async with gateway(tmp_path) as made:
        url = await made.publish()
        for method in ("POST", "PUT", "DELETE"):
            assert (await made.client.request(method, url)).status_code == 405


async def test_a_proxy_s_prefix_counts_and_may_stay(tmp_path: Path) -> None:
    async with gateway(tmp_path, LinkKey(KEY.secret, "/opsdeck")) as made:
        url = await made.publish("a rather long name of a document.pdf")
        path = httpx.URL(url).path
        assert path.startswith("/opsdeck/m/")
        assert len(path) <= LONGEST_PATH
        assert (await made.client.get(path)).content == PDF
        assert (await made.client.get(path.removeprefix("/opsdeck"))).content == PDF


@given(st.binary(min_size=16, max_size=16), st.text(max_size=200))
def test_every_path_is_short_safe_and_read_again(random: bytes, name: str) -> None:
    link, path = KEY.path(random, name)
    assert len(path) <= LONGEST_PATH
    assert set(path) <= set(string.ascii_letters + string.digits + "/._-")
    assert ".." not in path.split("/")
    assert KEY.read(path.removeprefix("/m/")) == link
    assert base64.urlsafe_b64decode(link.token + "==") == random


def test_a_name_keeps_its_extension() -> None:
    assert short_name("network-harbour-office-20260114-2042.pdf", 24) == "network-harbour-offi.pdf"
    assert short_name("no extension", 24) == "no-extension"
    assert short_name("تقرير", 24) == "file"


def services(**environment: str) -> Services:
    """What the publisher asks of an installation's services."""
    groups = {
        RelaySettings: RelaySettings.model_validate({"OPSDECK_PUBLIC_URL": environment.get("public", "")}),
        WhatsAppSettings: WhatsAppSettings.model_validate(
            {"WHATSAPP_WEBHOOK_URL": environment.get("webhook", "")}
        ),
    }
    made = SimpleNamespace(
        settings=SimpleNamespace(of=groups.__getitem__),
        vault=SimpleNamespace(audit_key=AUDIT_KEY),
        store=None,
        clock=FrozenClock(NOON),
    )
    return cast("Services", made)


def test_without_a_public_address_nothing_is_published() -> None:
    assert media_publisher(services(), Random(7)) is None
    assert media_files(services()).routes


@pytest.mark.parametrize(
    ("given_as", "origin"),
    [
        ({"public": "https://ops.example/"}, "https://ops.example"),
        ({"webhook": "https://ops.example/hooks/whatsapp?x=1"}, "https://ops.example"),
        ({"webhook": "http://127.0.0.1:8766/wa"}, "http://127.0.0.1:8766"),
        ({"public": "https://a.example", "webhook": "https://b.example/wa"}, "https://a.example"),
    ],
    ids=["own", "of the webhook", "loopback", "own before the webhook's"],
)
async def test_the_address_is_the_public_one(tmp_path: Path, given_as: dict[str, str], origin: str) -> None:
    made = services(**given_as)
    async with gateway(tmp_path) as world:
        made.store = world.store  # type: ignore[misc]
        publisher = media_publisher(made, Random(7))
        assert publisher is not None
        url = await publisher.publish(PDF, "application/pdf", "a.pdf")
        assert re.fullmatch(re.escape(origin) + r"/m/[\w-]{32}/a\.pdf", url)
        app = make_app(media_files(made).routes, lambda: True)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app)) as client:
            assert (await client.get(url)).content == PDF


@pytest.mark.parametrize("public", ["http://ops.example", "http://10.0.0.7/"])
def test_nothing_is_published_without_tls(public: str) -> None:
    with pytest.raises(SettingsError, match="OPSDECK_PUBLIC_URL must begin with https"):
        media_publisher(services(public=public), Random(7))


def test_a_prefix_that_leaves_no_room_is_refused() -> None:
    with pytest.raises(SettingsError, match="too long"):
        media_publisher(services(public="https://ops.example/a/very/long/prefix"), Random(7))
