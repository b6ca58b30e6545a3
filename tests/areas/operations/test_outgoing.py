"""Where health checks go: to the address that was looked at and nowhere else; their secrets stay (S12)."""

from __future__ import annotations

import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from core.areas.operations.client.asking import Line
from core.areas.operations.client.certificates import look_at_certificate
from core.areas.operations.client.pinned import PinnedTransport, permitted
from core.areas.operations.client.web import look_at_web_address
from core.areas.operations.model import Finding, HealthStatus, Reason
from core.areas.operations.rules.answers import HttpExpectation
from core.areas.operations.rules.check_targets import TlsTarget
from core.engine.politeness import Politeness
from core.errors import SettingsError, UnreachableError
from core.message import _
from core.moment import FrozenClock
from tests.areas.operations.routine import words
from tests.areas.operations.watched import START, serving, watching

CANARY = "CANARY-not-a-real-token-0000000000"


@dataclass
class Service:
    """A web service that remembers what it was asked."""

    asked: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])

    @property
    def app(self) -> Starlette:
        return Starlette(routes=[Route("/{path:path}", self._answer)])

    async def _answer(self, request: Request) -> Response:
        self.asked.append((request.url.path, request.headers["host"]))
        if request.url.path == "/moved":
            return RedirectResponse("/elsewhere")
        return PlainTextResponse("well")


@dataclass
class Names:
    """A resolver whose answers a test chooses; each look-up uses one of them up."""

    answers: list[Sequence[str]]
    asked: int = 0

    async def resolve(self, host: str) -> Sequence[str]:
        assert host == "service.example"
        self.asked += 1
        if not self.answers:
            raise OSError("no such name")
        return self.answers.pop(0)


async def ask(url: str, names: Names) -> Finding:
    clock = FrozenClock(START)
    transport = PinnedTransport(names.resolve)
    line = Line(
        url,
        service=_("the service"),
        setting="checks.toml",
        politeness=Politeness(clock, jitter=random.Random(1)),
        clock=clock,
        limit=5,
        transport=transport,
    )
    try:
        return await look_at_web_address(line, HttpExpectation())
    finally:
        await line.close()


async def test_s12_the_address_that_was_looked_at_is_the_one_connected_to() -> None:
    service = Service()
    with serving(service.app) as url:
        port = url.rstrip("/").rpartition(":")[2]
        names = Names([["127.0.0.1"], ["169.254.169.254"]])
        found = await ask(f"http://service.example:{port}/health", names)
    assert found.status is HealthStatus.PASS
    assert names.asked == 1  # no second look-up, whose answer might be another
    assert service.asked == [("/health", f"service.example:{port}")]


async def test_s12_the_next_address_is_tried_where_the_first_takes_no_connection() -> None:
    service = Service()
    with serving(service.app) as url:
        port = url.rstrip("/").rpartition(":")[2]
        found = await ask(f"http://service.example:{port}/", Names([["127.0.0.2", "127.0.0.1"]]))
    assert found.status is HealthStatus.PASS


@pytest.mark.parametrize(
    "address", ["169.254.169.254", "::ffff:169.254.169.254", "fe80::1", "224.0.0.1", "0.0.0.0", "240.0.0.1"]
)
async def test_s12_no_name_leads_a_check_to_addresses_kept_for_other_uses(address: str) -> None:
    found = await ask("http://service.example:9/", Names([[address]]))
    assert (found.status, found.reason) == (HealthStatus.FAIL, Reason.UNREACHABLE)
    assert "kept for other uses" in words(found.output)
    with pytest.raises(UnreachableError):
        permitted("service.example", [address])


@pytest.mark.parametrize("address", ["10.0.0.7", "192.168.1.1", "fd00::1", "127.0.0.1", "::1", "203.0.113.9"])
def test_s12_ones_own_machines_and_addresses_written_as_numbers_may_be_asked(address: str) -> None:
    assert permitted("nas", [address]) == [address]
    assert permitted(address, []) == [address]


async def test_s12_a_name_without_an_address_fails_in_words() -> None:
    found = await ask("http://service.example:9/", Names([]))
    assert found.status is HealthStatus.FAIL
    assert words(found.output).startswith("the service can't be reached.")


async def test_s12_the_certificate_is_looked_at_where_the_name_may_lead(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = Names([["169.254.169.254"]])
    monkeypatch.setattr("core.areas.operations.client.certificates.look_up", names.resolve)
    found = await look_at_certificate(TlsTarget("service.example", 443, 14), START)
    assert found.reason is Reason.UNREACHABLE
    assert "kept for other uses" in words(found.output)


async def test_s12_redirects_are_not_followed(tmp_path: Path) -> None:
    service = Service()
    with serving(service.app) as url:
        async with watching(tmp_path, HEALTH_WEB_APP_URL=f"{url}/moved") as watched:
            await watched.probe()
            found = await watched.result("web_app")
    assert found.status is HealthStatus.FAIL
    assert words(found.output) == "It leads elsewhere (status 307), and is not followed there."
    assert [path for path, _host in service.asked] == ["/moved"]


async def test_a_token_in_an_address_is_neither_shown_nor_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    config = tmp_path / "config"
    config.mkdir()
    with serving(Service().app) as url:
        (config / "checks.toml").write_text(
            f'[[check]]\nname = "good"\nkind = "http"\nurl = "{url}/a?key={CANARY}"\n'
            f'[[check]]\nname = "moved"\nkind = "http"\nurl = "{url}/moved?key={CANARY}"\n'
            f'[[check]]\nname = "gone"\nkind = "http"\nurl = "http://127.0.0.1:1/?key={CANARY}"\n'
            f'[[check]]\nname = "odd"\nkind = "http"\nurl = "http://me:{CANARY}@127.0.0.1/"\n',
            encoding="utf-8",
        )
        async with watching(tmp_path, HEALTH_WEB_APP_URL=f"http://me:{CANARY}@127.0.0.1:1/") as watched:
            await watched.probe(2)
            said = [repr(await watched.run("health")), repr(await watched.report())]
            for name in ("good", "moved", "gone", "web_app"):
                said.append(repr(await watched.run("health", component=name)))
            found = await watched.result("web_app")
    assert CANARY not in "".join(said)
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("opsdeck")]
    assert CANARY not in "".join(ours)
    assert words(found.output) == "HEALTH_WEB_APP_URL must not contain a name or password."
    with pytest.raises(SettingsError, match="name or password"):
        await ask(f"http://me:{CANARY}@service.example/", Names([["127.0.0.1"]]))
