"""Reading `checks.toml`, in which a person adds health checks of their own.

    [[check]]
    name = "router"             # letters, digits and underscores; it names the component from then on
    kind = "http"               # http, tcp, dns, ping, tls-expiry, process or sql
    url = "https://router.example/health"
    critical = true             # whether its failure fails the whole; false when left out
    timeout = 5                 # seconds, at most 10; 5 when left out
    warn_after_ms = 1000        # a slower pass is a warning; never when left out

Beside these: `status` and `contains` (http), `host` and `port` (tcp), `host` and `expect` (dns), `host`
(ping), `host`, `port`, `warn_days` and `ca_file` (tls-expiry), `process` and `at_least` (process), `url` and
`query` (sql; one SELECT). An entry that is wrong is refused by itself; the others hold.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any, cast

from core.areas.operations.model import Check, CheckKind, ComponentType, Measurement
from core.areas.operations.rules.answers import HttpExpectation
from core.areas.operations.rules.check_fields import CheckFields, WrongCheckError
from core.areas.operations.rules.check_targets import (
    AddedCheck,
    DnsTarget,
    HttpTarget,
    PingTarget,
    ProcessTarget,
    SqlTarget,
    Target,
    TcpTarget,
    TlsTarget,
)
from core.message import Message, _
from core.text import clean

__all__ = ["Complaint", "read_checks"]

_HEADER = re.compile(r"^\s*\[\[\s*check\s*\]\]")
_NAME = r"[a-z0-9][a-z0-9_]{0,39}"
_HOST = r"[A-Za-z0-9:._][A-Za-z0-9:._-]{0,252}"
_WEB = r"https?://[^\s@]{1,2000}"
_DATABASE = r"(sqlite|postgres(ql)?)(\+\w+)?://\S{1,2000}"
_SELECT = r"(?is)\s*(select|with)\b[^;]*;?\s*"


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong in the file, on which line, and what would do."""

    line: int
    reason: Message


def read_checks(text: str, *, taken: Collection[str] = ()) -> tuple[list[AddedCheck], list[Complaint]]:
    """The checks in the file's text, and what is wrong with those that were refused.

    `taken` are the names that opsdeck's own checks have.
    """
    try:
        document: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        reason = _("this is not valid TOML: {reason}", reason=clean(str(error), 200))
        return [], [Complaint(int(found[1]) if found else len(text.splitlines()) or 1, reason)]
    complaints = [
        Complaint(_line_of(text.splitlines(), key, 0), _("“{key}” means nothing; write [[check]]", key=key))
        for key in document
        if key != "check"
    ]
    tables = document.get("check", [])
    if not isinstance(tables, list):
        return [], [*complaints, Complaint(1, _("write [[check]], with two brackets"))]
    lines, names = text.splitlines(), set(taken)
    headers = [number for number, line in enumerate(lines) if _HEADER.match(line)]
    checks: list[AddedCheck] = []
    for index, table in enumerate(cast("list[object]", tables)):
        start = headers[index] if index < len(headers) else 0
        fields = CheckFields(cast("dict[str, object]", table) if isinstance(table, dict) else {})
        try:
            added = _read_check(fields, names)
        except WrongCheckError as error:
            complaints.append(Complaint(_line_of(lines, error.key, start), error.reason))
            continue
        names.add(added.check.name)
        checks.append(added)
    return checks, complaints


def _read_check(fields: CheckFields, taken: Collection[str]) -> AddedCheck:
    """One entry, whose name is none of those taken.

    Raises:
        WrongCheckError: a key is missing, unknown or wrong.
    """
    name = fields.text("name", _NAME, _("letters, digits and underscores, at most 40"))
    if name in taken:
        raise WrongCheckError("name", _("there is a check of that name already; take another"))
    kind = fields.choice("kind", tuple(_TARGETS))
    target = _TARGETS[kind](fields)
    slow = fields.number("warn_after_ms", least=1, most=10_000, default=0)
    check = Check(
        name=name,
        title=clean(fields.text("title", r"(?s).{1,80}", _("at most 80 characters"), default=name)),
        kind=CheckKind(kind),
        type=_TYPES.get(kind, ComponentType.COMPONENT),
        measurement=_MEASUREMENTS.get(kind, Measurement.RESPONSE_TIME),
        critical=fields.flag("critical"),
        timeout=timedelta(seconds=fields.number("timeout", least=0.1, most=10, default=5)),
        warn_after=timedelta(milliseconds=slow) if slow else None,
    )
    fields.finish()
    return AddedCheck(check, target)


def _http(fields: CheckFields) -> Target:
    url = fields.text("url", _WEB, _("an address like https://example.com/health, without a password"))
    status = int(fields.number("status", least=0, most=599, default=0, whole=True))
    contains = fields.text("contains", r"(?s).{0,200}", _("at most 200 characters"), default="")
    return HttpTarget(url, HttpExpectation(status or None, contains))


def _tcp(fields: CheckFields) -> Target:
    return TcpTarget(_host(fields), _port(fields))


def _dns(fields: CheckFields) -> Target:
    return DnsTarget(_host(fields), fields.texts("expect"))


def _ping(fields: CheckFields) -> Target:
    return PingTarget(_host(fields))


def _tls(fields: CheckFields) -> Target:
    days = int(fields.number("warn_days", least=1, most=365, default=14, whole=True))
    ca_file = fields.text("ca_file", r".{0,500}", _("the path of a file"), default="")
    return TlsTarget(_host(fields), _port(fields, 443), days, ca_file)


def _process(fields: CheckFields) -> Target:
    process = fields.text("process", r".{1,100}", _("the name of a program"))
    return ProcessTarget(process, int(fields.number("at_least", least=1, most=1_000, default=1, whole=True)))


def _sql(fields: CheckFields) -> Target:
    url = fields.text("url", _DATABASE, _("sqlite:////path/to/file.db or postgresql://user@host/database"))
    return SqlTarget(url, fields.text("query", _SELECT, _("one SELECT"), default="SELECT 1"))


def _host(fields: CheckFields) -> str:
    return fields.text("host", _HOST, _("a host name or an address"))


def _port(fields: CheckFields, default: int | None = None) -> int:
    return int(fields.number("port", least=1, most=65_535, default=default, whole=True))


_TARGETS: Mapping[str, Callable[[CheckFields], Target]] = MappingProxyType(
    {
        CheckKind.HTTP.value: _http,
        CheckKind.TCP.value: _tcp,
        CheckKind.DNS.value: _dns,
        CheckKind.PING.value: _ping,
        CheckKind.TLS_EXPIRY.value: _tls,
        CheckKind.PROCESS.value: _process,
        CheckKind.SQL.value: _sql,
    }
)
_TYPES = MappingProxyType(
    {CheckKind.SQL.value: ComponentType.DATASTORE, CheckKind.PROCESS.value: ComponentType.SYSTEM}
)
_MEASUREMENTS = MappingProxyType({CheckKind.PROCESS.value: Measurement.UPTIME})


def _line_of(lines: list[str], key: str, start: int) -> int:
    """The line, counted from 1, on which the entry that begins at `start` has the key; else its first."""
    for number in range(start, len(lines)):
        if number > start and _HEADER.match(lines[number]):
            break
        if re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", lines[number]):
            return number + 1
    return start + 1
