"""For the production side: report jobs, uploads and credits to opsdeck.

    report = Reporter("http://127.0.0.1:8765", token, spool="/var/lib/pipeline/reports.db")
    report.job("prod_1", status="completed", character="yuki-chan", credits_charged=50)
    report.ledger("led_1", kind="debit", credits=50, job="prod_1")

Each call writes the report to the spool, then sends what waits, oldest first, for as long as a moment. While
opsdeck is away reports wait; they go out with a later call, or with `flush`. Every report has an id, so one
that is sent twice counts once. Needs the standard library and httpx, nothing else of opsdeck's.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

from core.areas.production.client.anomalies import AnomalyLog
from core.areas.production.client.timestamps import rfc3339
from core.areas.production.reporting.delivery import Delivery
from core.areas.production.reporting.spool import Spool
from core.areas.production.reporting.wire_format import make_report, report_document
from core.engine.token_safety import secure_address
from core.errors import InputError
from core.message import Message, _
from core.moment import Clock, SystemClock
from core.secret import Secret

__all__ = ["Reporter"]

_LARGEST_REPORT = 64 * 1024

Number: TypeAlias = int | float | str | Decimal
"""An amount; text and `Decimal` keep it exact."""


class Reporter:
    """A pipeline's line to opsdeck; may be used from many threads.

    Trouble with the network is never raised: each call answers whether nothing waits any more, and
    `trouble` says why not. Raised are only an `InputError` (the report itself is wrong), a
    `StoreFullError` (too many wait) and any other `StoreError` (the spool's file can't be used).
    """

    def __init__(
        self,
        url: str,
        token: str | Secret,
        *,
        spool: str | Path,
        most: int = 10_000,
        time_limit: float = 2.0,
        clock: Clock | None = None,
        new_id: Callable[[], str] = lambda: uuid.uuid4().hex,
    ) -> None:
        """Open the spool; nothing is sent.

        `most` reports may wait; `time_limit` is how many seconds a call may spend on sending.

        Raises:
            SettingsError: the address can't be used.
            StoreError: the spool can't be opened.
        """
        self._clock = clock or SystemClock()
        self._new_id = new_id
        self._time_limit = time_limit
        self._anomalies = AnomalyLog("report")
        self._spool = Spool(Path(spool), most=most)
        self._delivery = Delivery(
            secure_address(url, "url"),
            token if isinstance(token, Secret) else Secret(token),
            self._spool,
            self._clock,
        )

    @property
    def waiting(self) -> int:
        """How many reports have not arrived yet."""
        return self._spool.waiting()

    @property
    def refused(self) -> int:
        """How many reports opsdeck would not take; they were put aside in the spool."""
        return self._spool.refused()

    @property
    def trouble(self) -> Message | None:
        """Why the last try to send failed."""
        return self._delivery.trouble

    def job(
        self,
        job: str,
        *,
        status: str,
        character: str = "",
        content_type: str = "",
        platforms: Sequence[str] = (),
        attempt: int | None = None,
        max_attempts: int | None = None,
        media_seconds: float | None = None,
        processing_seconds: float | None = None,
        credits_estimated: Number | None = None,
        credits_charged: Number | None = None,
        cost: Number | None = None,
        currency: str = "USD",
        scheduled_for: datetime | None = None,
        created_at: datetime | None = None,
        started_at: datetime | None = None,
        completed_at: datetime | None = None,
        provider_task: str = "",
        error_code: str = "",
        error_message: str = "",
        at: datetime | None = None,
    ) -> bool:
        """How a job stands; what isn't given says nothing. `at` is when it was so, now unless given."""
        return self._report(
            "job",
            {
                "id": job,
                "status": status,
                "character_id": character or None,
                "content_type": content_type or None,
                "target_platforms": list(platforms) or None,
                "attempt": attempt,
                "max_attempts": max_attempts,
                "media_seconds": media_seconds,
                "processing_seconds": processing_seconds,
                "credits_estimated": _figure(credits_estimated),
                "credits_charged": _figure(credits_charged),
                "cost": _money(cost, currency),
                "scheduled_for": _stamp(scheduled_for),
                "created_at": _stamp(created_at),
                "started_at": _stamp(started_at),
                "completed_at": _stamp(completed_at),
                "provider_task_id": provider_task or None,
                "error_code": error_code or None,
                "error_message": error_message or None,
            },
            at,
        )

    def upload(
        self,
        upload: str,
        *,
        job: str,
        platform: str,
        status: str,
        attempt: int | None = None,
        scheduled_for: datetime | None = None,
        started_at: datetime | None = None,
        published_at: datetime | None = None,
        post_id: str = "",
        post_url: str = "",
        error_message: str = "",
        at: datetime | None = None,
    ) -> bool:
        """How an upload stands; what isn't given says nothing."""
        return self._report(
            "upload",
            {
                "id": upload,
                "job_id": job or None,
                "platform": platform,
                "status": status,
                "attempt": attempt,
                "scheduled_for": _stamp(scheduled_for),
                "started_at": _stamp(started_at),
                "published_at": _stamp(published_at),
                "post_id": post_id or None,
                "post_url": post_url or None,
                "error_message": error_message or None,
            },
            at,
        )

    def ledger(
        self,
        entry: str,
        *,
        kind: str,
        credits: Number,  # noqa: A002  the contract's word
        bucket: str = "",
        cost: Number | None = None,
        currency: str = "USD",
        job: str = "",
        provider_task: str = "",
        note: str = "",
        at: datetime | None = None,
    ) -> bool:
        """A movement of credits: a debit, refund, grant_monthly, grant_daily, topup or adjust."""
        return self._report(
            "ledger",
            {
                "id": entry,
                "kind": kind,
                "credits": _figure(credits),
                "bucket": bucket or None,
                "cost": _money(cost, currency),
                "job_id": job or None,
                "provider_task_id": provider_task or None,
                "note": note or None,
            },
            at,
        )

    def event(
        self,
        kind: str,
        *,
        severity: str = "info",
        subject: str = "",
        title: str = "",
        message: str = "",
        key: str = "",
        data: Mapping[str, object] | None = None,
        at: datetime | None = None,
    ) -> bool:
        """Something that happened: one of the fourteen types. `key` makes it happen once."""
        return self._report(
            "event",
            {
                "type": kind,
                "severity": severity,
                "subject": subject or None,
                "title": title or None,
                "message": message or None,
                "dedup_key": key or None,
                "data": dict(data) if data else None,
            },
            at,
        )

    def flush(self, time_limit: float = 10.0) -> bool:
        """Send all that waits, now, for `time_limit` seconds at most; answers whether nothing waits."""
        return self._delivery.send(time_limit, at_once=True)

    def close(self) -> None:
        """Let go of the spool and of opsdeck; what waits goes on waiting."""
        self._delivery.close()
        self._spool.close()

    def __enter__(self) -> Reporter:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def _report(self, kind: str, fields: Mapping[str, object], at: datetime | None) -> bool:
        report_id, moment = self._new_id(), _aware(at or self._clock.now())
        make_report(kind, fields, report_id=report_id, at=moment, report_anomaly=self._anomalies)
        document = _as_json(report_document(kind, fields, report_id=report_id, at=moment))
        self._spool.add(report_id, document)
        return self._delivery.send(self._time_limit)


def _as_json(document: Mapping[str, object]) -> str:
    try:
        written = json.dumps(document, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError) as error:
        raise InputError(_("A report can hold text, numbers, yes and no, and lists of them.")) from error
    if len(written) > _LARGEST_REPORT:
        raise InputError(_("This report is too large: keep its texts short."))
    return written


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise InputError(_("Give moments with their time zone, like datetime.now(UTC)."))
    return moment


def _stamp(moment: datetime | None) -> str | None:
    return None if moment is None else rfc3339(_aware(moment))


def _figure(value: Number | None) -> int | float | str | None:
    return str(value) if isinstance(value, Decimal) else value


def _money(amount: Number | None, currency: str) -> dict[str, str] | None:
    return None if amount is None else {"amount": str(amount), "currency": currency}
