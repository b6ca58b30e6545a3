"""What health and monitoring are about: checks, what probing them found, and measured figures."""

from __future__ import annotations

import enum
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.message import Message, _
from core.units import Severity, State, Unit

__all__ = [
    "AiModel",
    "AppMetrics",
    "Check",
    "CheckKind",
    "CheckResult",
    "ComponentType",
    "Disk",
    "Finding",
    "HealthReport",
    "HealthStatus",
    "HostReading",
    "Measurement",
    "ModelState",
    "Probe",
    "Probed",
    "Reason",
]


class HealthStatus(enum.Enum):
    """How a component is (operations.md 2.1): three states of a probe, and two of having none."""

    PASS = "pass"  # noqa: S105  the standard's word for a state
    WARN = "warn"
    FAIL = "fail"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"

    @property
    def state(self) -> State:
        """The state with its colour and word; a critical component's failure is for the page to raise."""
        return _STATES[self]

    @property
    def degraded(self) -> bool:
        """Whether something is wrong, or may be."""
        return self in (HealthStatus.WARN, HealthStatus.FAIL, HealthStatus.UNKNOWN)


_STATES = {
    HealthStatus.PASS: State(Severity.GOOD, _("passing")),
    HealthStatus.WARN: State(Severity.WARNING, _("warning")),
    HealthStatus.FAIL: State(Severity.SERIOUS, _("failing")),
    HealthStatus.UNKNOWN: State(Severity.UNKNOWN, _("unknown")),
    HealthStatus.SKIPPED: State(Severity.IDLE, _("skipped")),
}


class Reason(enum.Enum):
    """Why a component isn't passing, as a word that programs read."""

    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    PROVIDER_UNAVAILABLE = "provider_unavailable"
    AUTH_REJECTED = "auth_rejected"
    KEY_LACKS_PERMISSION = "key_lacks_permission"
    RATE_LIMITED = "rate_limited"
    WRONG_MODE = "wrong_mode"
    UNEXPECTED_STATUS = "unexpected_status"
    UNEXPECTED_ANSWER = "unexpected_answer"
    WRONG_BOT = "wrong_bot"
    WRONG_WEBHOOK = "wrong_webhook"
    WEBHOOK_ERROR = "webhook_error"
    BACKLOG = "backlog"
    QUEUE_OLD = "queue_old"
    NOT_POLLING = "not_polling"
    SLOW = "slow"
    LOW_DISK = "low_disk"
    WRONG_SCHEMA = "wrong_schema"
    DATABASE_ERROR = "database_error"
    CERTIFICATE_EXPIRES = "certificate_expires"
    BAD_CERTIFICATE = "bad_certificate"
    NOT_RESOLVED = "not_resolved"
    NOT_RUNNING = "not_running"
    MODEL_NOT_LOADED = "model_not_loaded"
    MODEL_STALE = "model_stale"
    MODEL_BUSY = "model_busy"
    LOW_ACCURACY = "low_accuracy"
    MISSED_RUN = "missed_run"
    NO_ANSWER_YET = "no_answer_yet"
    NOT_CONFIGURED = "not_configured"
    PROBE_FAULT = "probe_fault"


class ComponentType(enum.Enum):
    """What kind of thing a component is, in the words of the health format."""

    COMPONENT = "component"
    DATASTORE = "datastore"
    SYSTEM = "system"


class CheckKind(enum.Enum):
    """How a component is probed. Those from HTTP to SQL can be written into `checks.toml`."""

    HTTP = "http"
    TCP = "tcp"
    DNS = "dns"
    PING = "ping"
    TLS_EXPIRY = "tls-expiry"
    PROCESS = "process"
    SQL = "sql"
    DATABASE = "database"
    AI_MODELS = "ai_models"
    STRIPE = "stripe"
    TELEGRAM = "telegram"
    WEB_APP = "web_app"
    SOURCE = "source"
    SCHEDULER = "scheduler"


class Measurement(enum.Enum):
    """What a probe measures, in the words of the health format, with its unit."""

    RESPONSE_TIME = "responseTime"
    UTILIZATION = "utilization"
    CONNECTIONS = "connections"
    UPTIME = "uptime"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one probe found.

    `output` says what is wrong and what to do, without secrets; a passing one has none. `value` is what was
    measured beside the time it took: days a certificate is valid for, processes that run. `latency_ms` is the
    time of the exchange alone, where the probe had to wait for its turn before that.
    """

    status: HealthStatus
    reason: Reason | None = None
    output: Message | None = None
    value: float | None = None
    unit: Unit = Unit.COUNT
    latency_ms: float | None = None


Probe = Callable[[], Awaitable[Finding]]
"""Looks once. It changes nothing, spends nothing and sends nothing (operations.md 2.3, rule 6)."""


@dataclass(frozen=True, slots=True)
class Check:
    """A component and how it is probed.

    `skipped` says why it isn't probed, where it isn't. `warn_after` is the time from which a pass is too
    slow to be one.
    """

    name: str
    title: Message | str
    kind: CheckKind
    type: ComponentType = ComponentType.COMPONENT
    measurement: Measurement = Measurement.RESPONSE_TIME
    critical: bool = False
    timeout: timedelta = timedelta(seconds=5)
    warn_after: timedelta | None = None
    skipped: Message | None = None


@dataclass(frozen=True, slots=True)
class Probed:
    """What probing one check at a moment came to; without a latency when no answer came."""

    check: Check
    found: Finding
    at: datetime
    latency_ms: float | None = None


@dataclass(frozen=True, slots=True)
class CheckResult:
    """How a component stood at a moment.

    `status` is the raw last result, or unknown when that is too old; `settled` what it comes to after flap
    damping, which alerts and the status page go by. `latency_ms` is absent when no answer came.
    """

    check: Check
    status: HealthStatus
    settled: HealthStatus
    at: datetime | None = None
    latency_ms: float | None = None
    reason: Reason | None = None
    output: Message | None = None
    value: float | None = None
    unit: Unit = Unit.COUNT
    consecutive_failures: int = 0
    last_pass_at: datetime | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class HealthReport:
    """Every component at a moment, with the overall verdict."""

    status: HealthStatus
    results: tuple[CheckResult, ...]
    at: datetime
    probed_at: datetime | None = None


class ModelState(enum.Enum):
    """What an AI model is doing (operations.md 3.1)."""

    ACTIVE = "active"
    TRAINING = "training"
    PAUSED = "paused"
    ERROR = "error"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class AiModel:
    """An AI model as the metrics source tells of it; `period` is how often it is meant to infer.

    `inference_p95` is in milliseconds, `accuracy` in percent over `samples` closed cases.
    """

    name: str
    state: ModelState
    enabled: bool = True
    last_inference_at: datetime | None = None
    period: timedelta | None = None
    inference_p95: float | None = None
    accuracy: float | None = None
    samples: int | None = None


@dataclass(frozen=True, slots=True)
class AppMetrics:
    """What the application tells of itself; what it doesn't tell is absent.

    `requests` and `errors` are counters since its start; `latency_p50` to `p99` are in milliseconds; `wins`
    and `losses` count closed signals of the window.
    """

    requests: float | None = None
    errors: float | None = None
    latency_p50: float | None = None
    latency_p95: float | None = None
    latency_p99: float | None = None
    active_signals: int | None = None
    wins: int | None = None
    losses: int | None = None
    active_users: int | None = None
    queue_depth: int | None = None
    database_cpu: float | None = None
    models: tuple[AiModel, ...] = ()


@dataclass(frozen=True, slots=True)
class Disk:
    """A mounted file system: used percent, and free bytes."""

    mount: str
    percent: float
    free: int


@dataclass(frozen=True, slots=True)
class HostReading:
    """This machine at a moment. `cpu` and the rates need two looks, so the first has none.

    `cpu` and `memory` are percent of the whole machine, `memory_available` bytes, the rates bytes a second.
    """

    memory: float
    memory_available: int
    disks: tuple[Disk, ...]
    cpu: float | None = None
    net_in: float | None = None
    net_out: float | None = None
