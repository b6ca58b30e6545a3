"""The whole snapshot of production as of one moment: what every page is made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.production.model import Budget, Health, Job, JobStatus, ReportedBudget, System
from core.areas.production.rules.budgets import BudgetState, budget_states, burn_cost
from core.areas.production.rules.costs import Cost
from core.areas.production.rules.credits import Credits, credits_at
from core.areas.production.rules.ledger_sums import LedgerSums, burn
from core.areas.production.rules.periods import Days, day_of
from core.areas.production.rules.reports import DailyReport, DayRecords, daily
from core.areas.production.rules.rotation import WINDOW_DAYS, Use
from core.areas.production.settings import ProductionSettings
from core.areas.production.sources import PARTS, PROVIDER, SYSTEM
from core.areas.production.store import ledger, reading
from core.message import _
from core.page import Freshness, SourceState
from core.units import Absent

__all__ = ["Snapshot", "daily_reports", "is_set_up", "read_snapshot", "uses"]

_ENDED = 100
"""Jobs that ended last, for medians and failure rates."""

_NOT_SET_UP = {
    SYSTEM: _("No production system is set up: set PRODUCTION_URL and PRODUCTION_TOKEN."),
    PROVIDER: _("A2E isn't set up: set A2E_API_TOKEN."),
}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """How production stood at `now`, by what was known then.

    `parts` says how fresh each part is; one that isn't set up is `NEVER`, with that as its reason.
    `sums` are what the whole ledger adds up to, `None` where nobody ever reported to it. `ended` are the last
    jobs that came to their end, the newest first; `report` is the day so far.
    """

    now: datetime
    today: date
    zone: ZoneInfo
    settings: ProductionSettings
    parts: Mapping[str, SourceState]
    system: System | None
    health: Health | None
    skew: timedelta
    sums: LedgerSums | None
    credits: Credits
    budgets: tuple[BudgetState, ...]
    burn_cost: Cost
    ended: Sequence[Job]
    jobs_reported: bool
    report: DailyReport

    @property
    def asked(self) -> bool:
        """Whether there is a system to ask."""
        return self.settings.url is not None

    @property
    def no_jobs(self) -> Absent | None:
        """Why nothing can be said of jobs, where nobody ever did: that is not the same as none."""
        if self.jobs_reported or self.parts["jobs"].last_good is not None:
            return None
        return Absent(self.parts["jobs"].reason or _("no job was reported yet"))

    @property
    def anything(self) -> bool:
        """Whether anything is set up, or was ever reported."""
        reported = self.sums is not None or bool(self.ended) or self.system is not None
        return is_set_up(self.settings) or reported

    def current(self, part: str) -> bool:
        """Whether what is known of a part can stand for now."""
        return self.parts[part].freshness in (Freshness.LIVE, Freshness.STALE)


def is_set_up(settings: ProductionSettings) -> bool:
    """Whether a production system, A2E or the intake is."""
    return bool(settings.url or settings.a2e_token.get_secret_value() or settings.intake)


async def read_snapshot(
    connection: AsyncConnection, settings: ProductionSettings, moment: datetime
) -> Snapshot:
    """The snapshot as of `moment`."""
    zone = settings.local_zone
    today = day_of(moment, zone)
    parts = await _parts(connection, settings, moment)
    sums = await ledger.sums(connection, zone, moment)
    reported = await reading.budgets(connection, moment)
    spent = {each.period: each.spent for each in reported if each.spent is not None}
    return Snapshot(
        now=moment,
        today=today,
        zone=zone,
        settings=settings,
        parts=parts,
        system=await reading.system(connection, moment),
        health=await reading.health(connection, moment),
        skew=await reading.skew(connection, moment),
        sums=sums,
        credits=credits_at(
            settings.credit_plan,
            sums,
            await reading.balance(connection, moment),
            burn(sums, today),
            now=moment,
            zone=zone,
            order=settings.buckets,
            reported=await reading.reported_credits(connection, moment),
            current=_credits_current(settings, parts),
        ),
        budgets=budget_states(_limits(settings, reported), sums, today, settings.prices, spent),
        burn_cost=burn_cost(sums, today, settings.prices),
        ended=await reading.recently_ended(connection, moment, most=_ENDED),
        jobs_reported=await reading.any_job(connection, moment),
        report=(await daily_reports(connection, settings, sums, [today], moment))[0],
    )


async def daily_reports(
    connection: AsyncConnection,
    settings: ProductionSettings,
    sums: LedgerSums | None,
    days: Sequence[date],
    moment: datetime,
) -> list[DailyReport]:
    """The reports of these local days; `sums` hold at least their part of the ledger."""
    found: list[DailyReport] = []
    for day in days:
        only = Days(day, day + timedelta(days=1))
        window = only.window(settings.local_zone)
        records = DayRecords(
            jobs=await reading.jobs(connection, window, moment),
            uploads=await reading.uploads(connection, window, moment),
            entries=None if sums is None else sums.charges(only),
        )
        found.append(daily(day, records, target=settings.daily_target, prices=settings.prices))
    return found


async def uses(connection: AsyncConnection, snapshot: Snapshot) -> list[Use]:
    """Who was in the videos of the last days: those that were completed, and those being made today."""
    found: list[Use] = []
    for back in range(WINDOW_DAYS):
        day = snapshot.today - timedelta(days=back)
        window = Days(day, day + timedelta(days=1)).window(snapshot.zone)
        jobs = await reading.jobs(connection, window, snapshot.now)
        found += [Use(job.character, day) for job in jobs if job.status is JobStatus.COMPLETED]
    being_made = await reading.open_jobs(connection, snapshot.now)
    return found + [Use(job.character, snapshot.today) for job in being_made]


async def _parts(
    connection: AsyncConnection, settings: ProductionSettings, moment: datetime
) -> dict[str, SourceState]:
    asked = {SYSTEM: settings.url is not None, PROVIDER: bool(settings.a2e_token.get_secret_value())}
    found: dict[str, SourceState] = {}
    for part in PARTS:
        state = await reading.part_state(connection, part.name, moment)
        if not asked[part.source]:
            state = replace(state, freshness=Freshness.NEVER, reason=_NOT_SET_UP[part.source])
        found[part.name] = state
    return found


def _credits_current(settings: ProductionSettings, parts: Mapping[str, SourceState]) -> bool:
    """Whether the ledger may be judged by: where a system is asked for it, it must have answered lately."""
    if settings.url is None:
        return True
    return parts["jobs"].freshness in (Freshness.LIVE, Freshness.STALE)


def _limits(settings: ProductionSettings, reported: Sequence[ReportedBudget]) -> tuple[Budget, ...]:
    """The configured budgets; where one has no limit, the system's own."""
    own = {each.period: each for each in reported}
    return tuple(
        Budget(budget.period, own[budget.period].limit, own[budget.period].hard_stop)
        if budget.limit is None and budget.period in own
        else budget
        for budget in settings.budgets
    )
