"""Asking the application for its metrics, as JSON or in the Prometheus text format."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.areas.operations.client.asking import Line
from core.areas.operations.model import AppMetrics
from core.areas.operations.rules.metrics_json import read_json
from core.areas.operations.rules.prometheus import read_prometheus
from core.errors import BadAnswerError, SignInError
from core.message import _

__all__ = ["read_metrics"]


async def read_metrics(line: Line, now: datetime, window: timedelta) -> AppMetrics:
    """What the application tells; `window` is that of the win rate, where it lists its signals.

    Raises:
        UpstreamError: it can't be reached, refuses, or answers what can't be read.
    """
    reply = await line.get()
    if reply.status in (401, 403):
        raise SignInError(_("The metrics source refuses the token. Check MONITOR_METRICS_TOKEN."))
    if not 200 <= reply.status < 300:
        line.judge(reply)  # which says the usual of a fault over there, a redirect or a request to slow down
        raise BadAnswerError(
            _(
                "The metrics source answered with status {status}. Check MONITOR_METRICS_URL.",
                status=reply.status,
            )
        )
    try:
        if "json" in reply.headers.get("content-type", "") or reply.body.lstrip()[:1] == b"{":
            return read_json(line.judge(reply), now, window)
        return read_prometheus(reply.body.decode("utf-8", "replace"))
    except ValueError as error:
        raise BadAnswerError(
            _("The metrics source told nothing that can be read. Check MONITOR_METRICS_URL.")
        ) from error
