"""What each kind of check that a person may add looks at."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.areas.operations.model import Check
from core.areas.operations.rules.answers import HttpExpectation

__all__ = [
    "AddedCheck",
    "DnsTarget",
    "HttpTarget",
    "PingTarget",
    "ProcessTarget",
    "SqlTarget",
    "Target",
    "TcpTarget",
    "TlsTarget",
]


@dataclass(frozen=True, slots=True)
class HttpTarget:
    """A web address, which may carry a token in its query, and what it is expected to answer."""

    url: str = field(repr=False)
    expected: HttpExpectation


@dataclass(frozen=True, slots=True)
class TcpTarget:
    """A port that must accept connections."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class DnsTarget:
    """A name that must have an address, and those of `expected` if there are any."""

    host: str
    expected: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PingTarget:
    """A host that must answer an echo request."""

    host: str


@dataclass(frozen=True, slots=True)
class TlsTarget:
    """A server whose certificate must be valid for `warn_days` more; `ca_file` is a private authority's."""

    host: str
    port: int
    warn_days: int
    ca_file: str = ""


@dataclass(frozen=True, slots=True)
class ProcessTarget:
    """Processes of a name on this machine, of which `least` must run."""

    process: str
    least: int


@dataclass(frozen=True, slots=True)
class SqlTarget:
    """A query that a database must answer; its address carries a password."""

    url: str = field(repr=False)
    query: str


Target = HttpTarget | TcpTarget | DnsTarget | PingTarget | TlsTarget | ProcessTarget | SqlTarget


@dataclass(frozen=True, slots=True)
class AddedCheck:
    """A check from `checks.toml` with what it looks at."""

    check: Check
    target: Target
