"""Every kind of check against something real on loopback, passing and failing."""

from __future__ import annotations

import asyncio
import os
import socket
import sqlite3
import ssl
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from core.areas.operations.client.certificates import look_at_certificate
from core.areas.operations.client.hosts import look_at_name, look_at_port, ping
from core.areas.operations.collection.databases import look_at_database
from core.areas.operations.collection.host import Host, look_at_processes
from core.areas.operations.collection.probing import Planned, probe_all
from core.areas.operations.model import Check, CheckKind, Finding, Reason
from core.areas.operations.model import HealthStatus as H
from core.areas.operations.rules.check_targets import (
    DnsTarget,
    PingTarget,
    ProcessTarget,
    SqlTarget,
    TcpTarget,
    TlsTarget,
)
from core.moment import FrozenClock
from core.simulators.webapp import WebAppSimulator
from tests.areas.operations.watched import START, serving, watching


def closed_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@asynccontextmanager
async def listening(context: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    async def hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1]


def certificate(folder: Path, days: int) -> tuple[ssl.SSLContext, Path]:
    """A server's context with a certificate of its own that ends so many days after the machine's now."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=400))
        .not_valid_after(today + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "certificate.pem", folder / "key.pem"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return context, public


async def test_a_port_that_accepts_passes_and_a_closed_one_fails() -> None:
    async with listening() as port:
        assert (await look_at_port(TcpTarget("127.0.0.1", port))).status is H.PASS
    assert (await look_at_port(TcpTarget("127.0.0.1", closed_port()))).reason is Reason.UNREACHABLE


async def test_a_name_resolves_to_what_is_expected() -> None:
    assert (await look_at_name(DnsTarget("localhost"))).status is H.PASS
    found = await look_at_name(DnsTarget("localhost", ("192.0.2.9",)))
    assert found.reason is Reason.UNEXPECTED_ANSWER
    assert (await look_at_name(DnsTarget("a" * 70 + ".invalid"))).reason is Reason.NOT_RESOLVED


@pytest.mark.parametrize(
    ("days", "status", "reason"),
    [(60, H.PASS, None), (10, H.WARN, Reason.CERTIFICATE_EXPIRES), (-1, H.FAIL, Reason.BAD_CERTIFICATE)],
)
async def test_a_certificate_is_judged_by_its_end(
    tmp_path: Path, days: int, status: H, reason: Reason | None
) -> None:
    context, public = certificate(tmp_path, days)
    async with listening(context) as port:
        target = TlsTarget("localhost", port, 14, str(public))
        found = await look_at_certificate(target, datetime.now(UTC))

    assert (found.status, found.reason) == (status, reason)


async def test_a_certificate_nobody_vouches_for_fails(tmp_path: Path) -> None:
    context, _public = certificate(tmp_path, 60)
    async with listening(context) as port:
        found = await look_at_certificate(TlsTarget("localhost", port, 14), datetime.now(UTC))

    assert (found.status, found.reason) == (H.FAIL, Reason.BAD_CERTIFICATE)


async def test_processes_are_counted_by_name() -> None:
    own = psutil.Process(os.getpid()).name()

    assert (await look_at_processes(ProcessTarget(own, 1))).status is H.PASS
    found = await look_at_processes(ProcessTarget("no-such-program-here", 1))
    assert (found.status, found.reason) == (H.FAIL, Reason.NOT_RUNNING)


async def test_a_database_is_asked_for_reading_only(tmp_path: Path) -> None:
    path = tmp_path / "orders.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE orders (id INTEGER)")
    connection.close()
    url = f"sqlite:///{path}"

    assert (await look_at_database(SqlTarget(url, "SELECT 1 FROM orders"))).status is H.PASS
    assert (await look_at_database(SqlTarget(url, "SELECT 1 FROM nothing"))).reason is Reason.DATABASE_ERROR
    refused = await look_at_database(SqlTarget(url, "INSERT INTO orders VALUES (1)"))
    assert refused.reason is Reason.DATABASE_ERROR


async def test_a_missing_database_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "missing.db"

    found = await look_at_database(SqlTarget(f"sqlite:///{path}", "SELECT 1"))

    assert found.reason is Reason.DATABASE_ERROR
    assert not path.exists()


def check(name: str, *, timeout: float = 5, warn_after: float | None = None) -> Check:
    slow = None if warn_after is None else timedelta(seconds=warn_after)
    return Check(name, name, CheckKind.HTTP, timeout=timedelta(seconds=timeout), warn_after=slow)


async def never() -> Finding:
    await asyncio.Event().wait()
    return Finding(H.PASS)


async def test_what_does_not_finish_has_failed_and_keeps_nobody_waiting() -> None:
    passing = asyncio.Event()

    async def answers() -> Finding:
        passing.set()
        return Finding(H.PASS)

    planned = [
        Planned(check("stuck", timeout=0.02), never),
        Planned(check("good"), answers),
        Planned(check("capped", timeout=9), never),
    ]

    probed = await probe_all(planned, FrozenClock(START), limit=0.1)

    assert [(each.check.name, each.found.status) for each in probed] == [
        ("stuck", H.FAIL),
        ("good", H.PASS),
        ("capped", H.FAIL),
    ]
    assert [each.found.reason for each in probed] == [Reason.TIMEOUT, None, Reason.TIMEOUT]
    assert probed[0].latency_ms is None


async def test_all_look_at_the_same_time() -> None:
    both = asyncio.Barrier(2)

    async def meets() -> Finding:
        await both.wait()
        return Finding(H.PASS)

    probed = await probe_all([Planned(check("a"), meets), Planned(check("b"), meets)], FrozenClock(START))

    assert [each.found.status for each in probed] == [H.PASS, H.PASS]


async def test_latency_is_of_the_probe_alone_and_a_slow_pass_warns() -> None:
    clock = FrozenClock(START)

    async def slow() -> Finding:
        clock.advance(0.3)
        return Finding(H.PASS)

    (probed,) = await probe_all([Planned(check("slow", warn_after=0.25), slow)], clock)

    assert probed.latency_ms == pytest.approx(300)
    assert probed.found.reason is Reason.SLOW


async def test_a_fault_of_ours_makes_it_unknown(caplog: pytest.LogCaptureFixture) -> None:
    async def faulty() -> Finding:
        raise ZeroDivisionError

    (probed,) = await probe_all([Planned(check("faulty"), faulty)], FrozenClock(START))

    assert (probed.found.status, probed.found.reason) == (H.UNKNOWN, Reason.PROBE_FAULT)
    assert "faulty" in caplog.text


async def test_the_first_reading_of_the_processor_is_discarded() -> None:
    clock = FrozenClock(START)
    host = Host(clock)

    first = await host.read()
    clock.advance(0.05)
    too_soon = await host.read()
    clock.advance(60)
    later = await host.read()

    assert (first.cpu, first.net_in, too_soon.cpu) == (None, None, None)
    assert later.cpu is not None
    assert 0 <= later.cpu <= 100
    assert later.net_in is not None
    assert 0 < later.memory < 100
    assert later.disks
    assert [each.percent for each in later.disks] == sorted((d.percent for d in later.disks), reverse=True)


async def test_added_checks_are_probed_and_their_secrets_stay(tmp_path: Path) -> None:
    application = WebAppSimulator(FrozenClock(START))
    token = "fake-token-in-a-query"
    with serving(application.app) as url:
        (tmp_path / "config").mkdir()
        (tmp_path / "config" / "checks.toml").write_text(
            f'[[check]]\nname = "app"\nkind = "http"\nurl = "{url}/health?token={token}"\ncontains = "pass"\n'
            f'[[check]]\nname = "gone"\nkind = "http"\nurl = "{url}/nowhere?token={token}"\n'
            f'[[check]]\nname = "closed"\nkind = "http"\nurl = "http://127.0.0.1:{closed_port()}/?token={token}"\n'
            '[[check]]\nname = "wrong"\nkind = "htp"\n',
            encoding="utf-8",
        )
        async with watching(tmp_path) as watched:
            await watched.probe()
            app, gone = await watched.result("app"), await watched.result("gone")
            closed = await watched.result("closed")
            page = await watched.run("health")

    assert app.status is H.PASS
    assert gone.reason is Reason.UNEXPECTED_STATUS
    assert closed.reason is Reason.UNREACHABLE
    assert token not in repr((page, app, gone, closed))
    notes = [str(block.text) for block in page.blocks if type(block).__name__ == "Note"]  # type: ignore[union-attr]
    assert any(note.startswith("checks.toml, line 16: “kind” must be one of") for note in notes)


@pytest.mark.skipif(sys.platform == "win32", reason="the program takes other options there")
async def test_ping_without_the_program_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    found = await ping(PingTarget("127.0.0.1"))

    assert (found.status, found.reason) == (H.UNKNOWN, Reason.PROBE_FAULT)


async def test_ping_asks_the_program_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "ping"
    program.write_text('#!/bin/sh\n[ "$4" = 192.0.2.1 ] && echo "64 bytes: time=12.5 ms"\n', encoding="utf-8")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

    answered = await ping(PingTarget("192.0.2.1"))
    silent = await ping(PingTarget("192.0.2.2"))

    assert (answered.status, answered.latency_ms) == (H.PASS, 12.5)
    assert (silent.status, silent.reason) == (H.FAIL, Reason.UNREACHABLE)
