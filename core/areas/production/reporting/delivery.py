"""Bringing what waits in the spool to opsdeck: in order, in bounded time, never insisting.

Synchronous, because the pipelines it works in may be. Needs the standard library and httpx.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Sequence

import httpx

from core.areas.production.client.fields import JsonObject, as_list, as_object, count, decimal, text
from core.areas.production.reporting.spool import Spool, Spooled
from core.areas.production.reporting.wire_format import LARGEST_BATCH, MOST_REPORTS
from core.engine.loopback import is_loopback
from core.message import Message, _
from core.moment import Clock
from core.secret import Secret

__all__ = ["Delivery"]

_FIRST_WAIT, _LONGEST_WAIT = 1.0, 60.0
_LONGEST_RETRY_AFTER = 600.0
_LARGEST_ANSWER = 256 * 1024
_ENVELOPE = 64  # Bytes around and between the reports of a batch, with plenty to spare.

_log = logging.getLogger("opsdeck.production")


class Delivery:
    """Sends the oldest reports first, one batch after another, and no batch before the one ahead of it."""

    def __init__(self, url: str, token: Secret, spool: Spool, clock: Clock) -> None:
        """`url` is opsdeck's intake, without a final slash."""
        self._url = httpx.URL(f"{url}/reports")
        self._token = token
        self._spool = spool
        self._clock = clock
        self._lock = threading.Lock()
        self._client: httpx.Client | None = None
        self._next_try = 0.0
        self._wait = _FIRST_WAIT
        self.trouble: Message | None = None
        """Why the last try failed."""

    def send(self, time_limit: float, *, at_once: bool = False) -> bool:
        """Send what waits for `time_limit` seconds at most; answers whether nothing waits any more.

        After a failure nothing is tried for a while, which grows, unless it has to be `at_once`.
        """
        until = self._clock.monotonic() + time_limit
        # Another thread that is sending takes this one's reports along: waiting for it would only cost time.
        if not self._lock.acquire(timeout=time_limit if at_once else 0):
            return False
        try:
            while batch := self._batch():
                now = self._clock.monotonic()
                if now >= until or (now < self._next_try and not at_once):
                    return False
                if not self._deliver(batch, until - now):
                    return False
            return True
        finally:
            self._lock.release()

    def close(self) -> None:
        """Hang up."""
        with self._lock:
            client, self._client = self._client, None
            if client is not None:
                client.close()

    def _batch(self) -> Sequence[Spooled]:
        """The oldest reports that may travel together; at least one, if there is any."""
        batch: list[Spooled] = []
        size = _ENVELOPE
        for report in self._spool.oldest(MOST_REPORTS):
            size += len(report.document) + 1
            if batch and size > LARGEST_BATCH:
                break
            batch.append(report)
        return batch

    def _deliver(self, batch: Sequence[Spooled], time_limit: float) -> bool:
        """Bring one batch there; answers whether all of it is off the spool."""
        body = '{"reports":[' + ",".join(report.document for report in batch) + "]}"
        try:
            status, headers, answer = self._post(body.encode("ascii"), time_limit)
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            _log.info("reports could not be sent: %s", type(error).__name__)
            return self._failed(_("opsdeck can't be reached; the reports wait."), None)
        if status != 200:
            return self._failed(_refusal(status), headers.get("retry-after"))
        if "taken" not in answer:
            return self._failed(_("What answers at this address is not opsdeck's intake."), None)
        self._settle(batch, answer)
        self._next_try, self._wait, self.trouble = 0.0, _FIRST_WAIT, None
        return True

    def _settle(self, batch: Sequence[Spooled], answer: JsonObject) -> None:
        """Take off the spool what opsdeck has, and put aside what it will never take."""
        reasons: dict[int, str] = {}
        for row in map(as_object, as_list(answer.get("refused"))):
            place = count(row.get("place"))
            if place is not None:
                reasons[place] = text(row, "reason", limit=300)
        for place, report in enumerate(batch):
            if place in reasons:
                _log.warning("opsdeck refuses report %s: %s", report.id, reasons[place])
                self._spool.refuse(report, reasons[place])
        self._spool.arrived([report for place, report in enumerate(batch) if place not in reasons])

    def _failed(self, trouble: Message, retry_after: str | None) -> bool:
        told = decimal(retry_after)
        wait = self._wait if told is None or told < 0 else min(float(told), _LONGEST_RETRY_AFTER)
        self._next_try = self._clock.monotonic() + wait
        self._wait = min(self._wait * 2, _LONGEST_WAIT)
        self.trouble = trouble
        return False

    def _post(self, body: bytes, time_limit: float) -> tuple[int, httpx.Headers, JsonObject]:
        """The status, the headers, and the body where it is a JSON object, else an empty one."""
        headers = {"Authorization": f"Bearer {self._token.reveal()}", "Content-Type": "application/json"}
        until = self._clock.monotonic() + time_limit
        request = self._open().build_request(
            "POST", self._url, content=body, headers=headers, timeout=time_limit
        )
        response = self._open().send(request, stream=True)
        try:
            read = bytearray()
            for piece in response.iter_bytes():
                read += piece
                if len(read) > _LARGEST_ANSWER or self._clock.monotonic() > until:
                    raise httpx.ReadTimeout("the answer is too long", request=request)
        finally:
            response.close()
        try:
            return response.status_code, response.headers, as_object(json.loads(read))
        except (ValueError, RecursionError):
            return response.status_code, response.headers, {}

    def _open(self) -> httpx.Client:
        if self._client is None:
            self._client = httpx.Client(
                follow_redirects=False,
                headers={"User-Agent": "opsdeck-reporter"},
                # A proxy of the environment leads to other machines, never back to this one.
                trust_env=not is_loopback(self._url.host),
            )
        return self._client


def _refusal(status: int) -> Message:
    if status == 401:
        return _("opsdeck does not accept the token; the reports wait. Check PRODUCTION_INTAKE_TOKEN.")
    if status == 404:
        return _("There is no intake of opsdeck at this address; the reports wait.")
    return _("opsdeck does not take reports at present (status {status}); they wait.", status=status)
