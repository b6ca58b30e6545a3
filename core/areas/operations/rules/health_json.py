"""Health in the format for HTTP interfaces, `application/health+json` (operations.md 2.1)."""

from __future__ import annotations

from datetime import UTC, datetime

from core.areas.operations.model import CheckResult, HealthReport, HealthStatus
from core.text import redact

__all__ = ["MEDIA_TYPE", "health_document"]

MEDIA_TYPE = "application/health+json"

_OK, _UNAVAILABLE = 200, 503


def health_document(report: HealthReport) -> tuple[int, dict[str, object]]:
    """The HTTP status and the JSON object that tell the report.

    Pass and warn answer 200; fail, and a state that isn't known, 503.
    """
    good = report.status in (HealthStatus.PASS, HealthStatus.WARN)
    checks = {f"{each.check.name}:{each.check.measurement.value}": [_check(each)] for each in report.results}
    document: dict[str, object] = {
        "status": report.status.value,
        "serviceId": "opsdeck",
        "description": "opsdeck’s health checks",
        "checks": checks,
    }
    if report.probed_at is not None:
        document["time"] = _moment(report.probed_at)
    return (_OK if good else _UNAVAILABLE), document


def _check(result: CheckResult) -> dict[str, object]:
    """One check result; what isn't known is left out, and `output` with what passes."""
    check = result.check
    shown: dict[str, object | None] = {
        "componentName": check.name,
        "measurementName": check.measurement.value,
        "componentType": check.type.value,
        "observedValue": result.latency_ms if result.value is None else result.value,
        "observedUnit": _unit(result),
        "status": result.status.value,
        "time": None if result.at is None else _moment(result.at),
        "output": _output(result),
        "latency_ms": result.latency_ms,
        "critical": check.critical,
        "timeout_s": check.timeout.total_seconds(),
        "consecutive_failures": result.consecutive_failures,
        "last_pass_at": None if result.last_pass_at is None else _moment(result.last_pass_at),
        "reason_code": None if result.reason is None else result.reason.value,
    }
    return {name: value for name, value in shown.items() if value is not None}


def _unit(result: CheckResult) -> str | None:
    if result.value is not None:
        return result.unit.value or None
    return None if result.latency_ms is None else "ms"


def _output(result: CheckResult) -> str | None:
    if result.status is HealthStatus.SKIPPED:
        return None if result.check.skipped is None else str(result.check.skipped)
    if result.status is HealthStatus.PASS or result.output is None:
        return None
    return redact(str(result.output))


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
