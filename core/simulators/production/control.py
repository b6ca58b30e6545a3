"""Pause, resume and restart, with the semantics of production.md 6."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.simulators.production.records import JsonObject
from core.simulators.production.timelines import Hold

__all__ = ["Control", "Operation", "Pause", "RefusalError", "Restart"]

_RESTART_TAKES = timedelta(seconds=20)
"""From the last job in flight to workers that run again."""

_PENDING = timedelta(seconds=1)


class RefusalError(Exception):
    """The verb can't be done now; `kind` is the last part of the problem's type."""

    def __init__(self, kind: str, title: str, detail: str) -> None:
        super().__init__(title)
        self.kind = kind
        self.title = title
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which nothing new is admitted; `end` is known for one that ends by itself."""

    start: datetime
    end: datetime | None
    reason: str
    by: str
    until: datetime | None

    def active(self, now: datetime) -> bool:
        return self.start <= now and (self.end is None or now < self.end)


@dataclass(frozen=True, slots=True)
class Operation:
    """How a restart stands, in the shape of `/operations/{id}`."""

    id: str
    verb: str
    state: str
    from_state: str
    to_state: str
    error: str | None

    @property
    def body(self) -> JsonObject:
        """It in JSON."""
        return {
            "id": self.id,
            "verb": self.verb,
            "state": self.state,
            "from": self.from_state,
            "to": self.to_state,
            "error": self.error,
        }


@dataclass(frozen=True, slots=True)
class Restart:
    """A restart: where it began, when it is over, and whether it has to give up draining."""

    id: str
    start: datetime
    end: datetime
    from_state: str
    gives_up: bool

    def active(self, now: datetime) -> bool:
        return self.start <= now < self.end

    def operation(self, now: datetime, desired: str) -> Operation:
        """The restart as it stands at `now`."""
        if self.active(now):
            state = "pending" if now - self.start < _PENDING else "running"
        else:
            state = "failed" if self.gives_up else "done"
        error = "Jobs were still in flight when the time to drain was over." if state == "failed" else None
        return Operation(self.id, "restart", state, self.from_state, desired, error)


class Control:
    """What was asked of the system so far. `desired_state` outlives a restart, because pauses do."""

    def __init__(self) -> None:
        self._pauses: list[Pause] = []
        self._restarts: list[Restart] = []

    @property
    def holds(self) -> Sequence[Hold]:
        """The times in which nothing new was or will be begun, oldest first."""
        spans = [(pause.start, pause.end) for pause in self._pauses]
        spans += [(restart.start, restart.end) for restart in self._restarts]
        return [Hold(*span) for span in sorted(spans, key=lambda span: span[0])]

    def pause_at(self, now: datetime) -> Pause | None:
        """The pause in force."""
        return next((pause for pause in reversed(self._pauses) if pause.active(now)), None)

    def restart_at(self, now: datetime) -> Restart | None:
        """The restart under way."""
        return next((restart for restart in self._restarts if restart.active(now)), None)

    def desired_state(self, now: datetime) -> str:
        """`running` or `paused`."""
        return "running" if self.pause_at(now) is None else "paused"

    def state(self, now: datetime, in_flight: int) -> str:
        """The state that the verbs have led to."""
        if self.restart_at(now) is not None:
            return "restarting"
        if self.pause_at(now) is None:
            return "running"
        return "pausing" if in_flight else "paused"

    def started_at(self, now: datetime, before: datetime) -> datetime:
        """When the workers last started, `before` if no restart succeeded since."""
        ends = [row.end for row in self._restarts if row.end <= now and not row.gives_up]
        return max(ends, default=before)

    def ended_by_time(self, start: datetime, end: datetime) -> list[Pause]:
        """The pauses whose `until` came in (start, end]."""
        return [
            pause
            for pause in self._pauses
            if pause.until is not None and pause.end == pause.until and start < pause.until <= end
        ]

    def restarts_ended(self, start: datetime, end: datetime) -> list[Restart]:
        """The restarts that were over in (start, end]."""
        return [restart for restart in self._restarts if start < restart.end <= end]

    def operation(self, operation_id: str, now: datetime) -> Operation | None:
        """The restart of that id."""
        restart = next((row for row in self._restarts if row.id == operation_id), None)
        return None if restart is None else restart.operation(now, self.desired_state(now))

    def pause(self, now: datetime, *, reason: str, by: str, until: datetime | None) -> bool:
        """Stop admitting work; False when it is stopped already.

        Raises:
            RefusalError: the system restarts.
        """
        self._refuse_while_restarting(now)
        if self.pause_at(now) is not None:
            return False
        self._pauses.append(Pause(now, until, reason, by, until))
        return True

    def resume(self, now: datetime) -> bool:
        """Admit work again; False when nothing was paused.

        Raises:
            RefusalError: the system restarts.
        """
        self._refuse_while_restarting(now)
        pause = self.pause_at(now)
        if pause is None:
            return False
        self._pauses[self._pauses.index(pause)] = replace(pause, end=now)
        return True

    def restart(
        self, now: datetime, *, ends: Sequence[datetime], drain: bool, patience: timedelta, force: bool
    ) -> Operation:
        """Begin a restart, or tell of the one under way. `ends` is when each job in flight will be done.

        Raises:
            RefusalError: jobs are in flight that are neither to be waited for nor to be abandoned.
        """
        running = self.restart_at(now)
        if running is None:
            if ends and not drain and not force:
                detail = f"{len(ends)} jobs are in flight; drain them, or force the restart."
                raise RefusalError("jobs-in-flight", "Jobs in flight", detail)
            drained = max(ends, default=now) if drain else now
            gives_up = drained - now > patience
            end = now + patience if gives_up else drained + _RESTART_TAKES
            operation_id = f"op_{len(self._restarts) + 1:012d}"
            running = Restart(operation_id, now, end, self.state(now, len(ends)), gives_up)
            self._restarts.append(running)
        return running.operation(now, self.desired_state(now))

    def _refuse_while_restarting(self, now: datetime) -> None:
        if self.restart_at(now) is not None:
            raise RefusalError("restarting", "The system restarts", "Ask again when the restart is done.")
