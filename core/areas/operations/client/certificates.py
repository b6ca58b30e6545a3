"""Looking at the certificate that a server shows."""

from __future__ import annotations

import asyncio
import ssl
from datetime import datetime
from typing import cast

from core.areas.operations.client.pinned import look_up, permitted
from core.areas.operations.model import Finding, HealthStatus, Reason
from core.areas.operations.rules.answers import certificate_finding
from core.areas.operations.rules.check_targets import TlsTarget
from core.errors import UnreachableError
from core.message import _
from core.moment import from_epoch
from core.text import clean

__all__ = ["look_at_certificate"]


async def look_at_certificate(target: TlsTarget, now: datetime) -> Finding:
    """How long the server's certificate is valid, if it is."""
    try:
        context = ssl.create_default_context(cafile=target.ca_file or None)
    except (OSError, ssl.SSLError):
        output = _("The file named by “ca_file” can’t be read as certificates.")
        return Finding(HealthStatus.FAIL, Reason.PROBE_FAULT, output)
    try:
        address = permitted(target.host, await look_up(target.host))[0]
        _reader, writer = await asyncio.open_connection(
            address, target.port, ssl=context, server_hostname=target.host
        )
    except ssl.SSLCertVerificationError as error:
        output = _("Its certificate isn’t valid: {reason}.", reason=clean(error.verify_message, 120))
        return Finding(HealthStatus.FAIL, Reason.BAD_CERTIFICATE, output)
    except ssl.SSLError:
        output = _("It doesn’t speak TLS on port {port}.", port=str(target.port))
        return Finding(HealthStatus.FAIL, Reason.UNEXPECTED_ANSWER, output)
    except UnreachableError as error:
        return Finding(HealthStatus.FAIL, Reason.UNREACHABLE, error.message)
    except (OSError, UnicodeError):
        output = _("No connection to port {port}.", port=str(target.port))
        return Finding(HealthStatus.FAIL, Reason.UNREACHABLE, output)
    try:
        shown = cast("dict[str, str]", writer.get_extra_info("peercert") or {})
    finally:
        writer.close()
    return certificate_finding(from_epoch(ssl.cert_time_to_seconds(shown["notAfter"])), now, target.warn_days)
