"""`checks.toml`: what may stand in it, and what is said, by line, of what may not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.areas.operations.model import CheckKind
from core.areas.operations.rules.check_targets import (
    DnsTarget,
    HttpTarget,
    PingTarget,
    ProcessTarget,
    SqlTarget,
    TcpTarget,
    TlsTarget,
)
from core.areas.operations.rules.checks_file import read_checks

EVERY_KIND = """
[[check]]
name = "router"
title = "Office router"
kind = "http"
url = "http://192.0.2.1/health?token=fake-token-value"
status = 204
contains = "ok"
critical = true
timeout = 2.5
warn_after_ms = 300

[[check]]
name = "mail"
kind = "tcp"
host = "mail.example.com"
port = 25

[[check]]
name = "names"
kind = "dns"
host = "ops.example.com"
expect = ["192.0.2.7"]

[[check]]
name = "gateway"
kind = "ping"
host = "192.0.2.1"

[[check]]
name = "certificate"
kind = "tls-expiry"
host = "ops.example.com"

[[check]]
name = "worker"
kind = "process"
process = "worker"
at_least = 2

[[check]]
name = "orders"
kind = "sql"
url = "postgresql://reader:fake-password@db.example/orders"
query = "SELECT 1 FROM orders"
"""


def test_every_kind_can_be_added() -> None:
    checks, complaints = read_checks(EVERY_KIND)

    assert complaints == []
    assert [each.check.kind for each in checks] == [
        CheckKind.HTTP,
        CheckKind.TCP,
        CheckKind.DNS,
        CheckKind.PING,
        CheckKind.TLS_EXPIRY,
        CheckKind.PROCESS,
        CheckKind.SQL,
    ]
    kinds = [HttpTarget, TcpTarget, DnsTarget, PingTarget, TlsTarget, ProcessTarget, SqlTarget]
    assert [type(each.target) for each in checks] == kinds


def test_an_entry_says_everything_about_its_check() -> None:
    router = read_checks(EVERY_KIND)[0][0]

    assert router.check.title == "Office router"
    assert router.check.critical
    assert router.check.timeout == timedelta(seconds=2.5)
    assert router.check.warn_after == timedelta(milliseconds=300)
    assert isinstance(router.target, HttpTarget)
    assert (router.target.expected.status, router.target.expected.contains) == (204, "ok")


def test_addresses_with_secrets_do_not_print() -> None:
    shown = repr(read_checks(EVERY_KIND)[0])

    assert "fake-token-value" not in shown
    assert "fake-password" not in shown


@pytest.mark.parametrize(
    ("entry", "line", "says"),
    [
        ('kind = "http"\nurl = "http://a/"', 5, "“name” is missing"),
        ('name = "A b"\nkind = "ping"\nhost = "a"', 6, "letters, digits"),
        ('name = "a"\nkind = "smtp"', 7, "one of: http, tcp"),
        ('name = "a"\nkind = "http"\nurl = "ftp://a/"', 8, "https://example.com"),
        ('name = "a"\nkind = "http"\nurl = "https://me:fake@a/"', 8, "without a password"),
        ('name = "a"\nkind = "tcp"\nhost = "a"\nport = 70000', 9, "from 1 to 65535"),
        ('name = "a"\nkind = "tcp"\nhost = "a"', 5, "“port” is missing"),
        ('name = "a"\nkind = "ping"\nhost = "-f"', 8, "a host name"),
        ('name = "a"\nkind = "ping"\nhost = "a"\ntimeout = 60', 9, "from 0.1 to 10"),
        ('name = "a"\nkind = "ping"\nhost = "a"\ncritcal = true', 9, "did you mean “critical”"),
        ('name = "a"\nkind = "ping"\nhost = "a"\ncritical = 1', 9, "true or false"),
        ('name = "a"\nkind = "sql"\nurl = "sqlite:///x"\nquery = "DROP TABLE x"', 9, "one SELECT"),
        ('name = "a"\nkind = "sql"\nurl = "sqlite:///x"\nquery = "SELECT 1; DROP TABLE x"', 9, "one SELECT"),
        ('name = "good"\nkind = "ping"\nhost = "a"', 6, "take another"),
        ('name = "database"\nkind = "ping"\nhost = "a"', 6, "take another"),
    ],
)
def test_a_wrong_entry_is_refused_by_line_and_the_others_hold(entry: str, line: int, says: str) -> None:
    text = f'[[check]]\nname = "good"\nkind = "ping"\nhost = "192.0.2.1"\n[[check]]\n{entry}\n'

    checks, complaints = read_checks(text, taken=("database",))

    assert [each.check.name for each in checks] == ["good"]
    assert [each.line for each in complaints] == [line]
    assert says in str(complaints[0].reason)


def test_a_complaint_never_repeats_what_was_written() -> None:
    text = '[[check]]\nname = "a"\nkind = "sql"\nurl = "mysql://root:fake-password@db/"\n'

    assert "fake-password" not in repr(read_checks(text))


def test_what_is_no_toml_is_told_by_line() -> None:
    checks, complaints = read_checks('[[check]]\nname = "a"\nkind = \n')

    assert checks == []
    assert complaints[0].line == 3


def test_a_single_bracket_and_stray_keys_are_told() -> None:
    assert "two brackets" in str(read_checks('[check]\nname = "a"\n')[1][0].reason)
    assert "[[check]]" in str(read_checks("\ncheks = 1\n")[1][0].reason)
    assert read_checks("\ncheks = 1\n")[1][0].line == 2


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    checks, complaints = read_checks(text)

    assert all(each.line >= 1 for each in complaints)
    assert isinstance(checks, list)
