"""Looking at hosts: whether a port accepts, a name resolves, an echo comes back."""

from __future__ import annotations

import asyncio
import re
import shutil
import socket

from core.areas.operations.model import Finding, HealthStatus, Reason
from core.areas.operations.rules.answers import resolved_finding
from core.areas.operations.rules.check_targets import DnsTarget, PingTarget, TcpTarget
from core.message import _

__all__ = ["look_at_name", "look_at_port", "ping"]

_ROUND_TRIP = re.compile(rb"time[=<]([\d.]+) ?ms")


async def look_at_port(target: TcpTarget) -> Finding:
    """Whether the port accepts a connection; nothing is sent over it."""
    try:
        _reader, writer = await asyncio.open_connection(target.host, target.port)
    except OSError:
        output = _("Port {port} accepts no connection.", port=str(target.port))
        return Finding(HealthStatus.FAIL, Reason.UNREACHABLE, output)
    writer.close()
    return Finding(HealthStatus.PASS)


async def look_at_name(target: DnsTarget) -> Finding:
    """Whether the name has an address, and those expected of it."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(target.host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return resolved_finding((), target.expected)
    return resolved_finding(sorted({str(each[4][0]) for each in found}), target.expected)


async def ping(target: PingTarget) -> Finding:
    """Whether the host answers an echo request, asked by the system's own program for it.

    Sending such a request oneself takes rights that opsdeck doesn't want.
    """
    program = shutil.which("ping")
    if program is None:
        output = _('This machine has no program “ping”. Install it, or check a port with kind = "tcp".')
        return Finding(HealthStatus.UNKNOWN, Reason.PROBE_FAULT, output)
    process = await asyncio.create_subprocess_exec(
        program,
        "-n",
        "-c",
        "1",
        target.host,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        said, _nothing = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        return Finding(HealthStatus.FAIL, Reason.UNREACHABLE, _("It doesn’t answer an echo request."))
    took = _ROUND_TRIP.search(said)
    return Finding(HealthStatus.PASS, latency_ms=float(took[1]) if took else None)
