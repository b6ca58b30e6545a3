"""Which components are probed, and how: those of operations.md 2.2, and those of `checks.toml`."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from core.area import Services
from core.areas.operations.client.asking import Line
from core.areas.operations.client.certificates import look_at_certificate
from core.areas.operations.client.hosts import look_at_name, look_at_port, ping
from core.areas.operations.client.stripe import look_at_stripe
from core.areas.operations.client.telegram import look_at_telegram
from core.areas.operations.client.web import look_at_web_address, look_at_web_app
from core.areas.operations.collection.databases import look_at_database, look_at_own_database
from core.areas.operations.collection.host import look_at_processes
from core.areas.operations.collection.metrics_source import look_at_models
from core.areas.operations.collection.own import look_at_scheduler, source_checks
from core.areas.operations.collection.probing import Planned
from core.areas.operations.configuration.checks import load_checks
from core.areas.operations.model import Check, CheckKind, ComponentType, Finding, Measurement, Probe
from core.areas.operations.rules.check_targets import (
    DnsTarget,
    HttpTarget,
    PingTarget,
    ProcessTarget,
    SqlTarget,
    Target,
    TcpTarget,
    TlsTarget,
)
from core.areas.operations.rules.telegram import BotEvidence, ExpectedBot
from core.areas.operations.settings import OperationsSettings
from core.areas.operations.store.runs import oldest_unsent
from core.message import Message, _
from core.store.polls import sources

__all__ = ["BUILT_IN", "planned_checks"]

BUILT_IN = ("database", "ai_models", "stripe_api", "telegram_bot", "web_app", "scheduler")
"""The names of opsdeck's own checks beside those of its sources."""

_TELEGRAM = "telegram"


async def planned_checks(services: Services) -> list[Planned]:
    """Every component with the way to look at it; those that aren't set up have none."""
    settings = services.settings.of(OperationsSettings)
    planned = [
        _database(services),
        _ai_models(services, settings),
        _stripe(services, settings),
        _telegram(services, settings),
        _web_app(services, settings),
        Planned(
            Check("scheduler", _("Background jobs"), CheckKind.SCHEDULER, measurement=Measurement.UPTIME),
            partial(look_at_scheduler, services),
        ),
        *await source_checks(services, settings.critical_names),
    ]
    taken = {each.check.name for each in planned}
    added, _complaints = load_checks(services.settings.folders, taken)
    return planned + [Planned(each.check, _added(services, each.check, each.target)) for each in added]


def _database(services: Services) -> Planned:
    check = Check(
        name="database",
        title=_("Database"),
        kind=CheckKind.DATABASE,
        type=ComponentType.DATASTORE,
        critical=True,
        timeout=timedelta(seconds=3),
        warn_after=timedelta(milliseconds=250),
    )
    return Planned(check, partial(look_at_own_database, services.store, services.clock))


def _ai_models(services: Services, settings: OperationsSettings) -> Planned:
    missing = None if settings.metrics_url else _("MONITOR_METRICS_URL isn’t set.")
    check = Check("ai_models", _("AI models"), CheckKind.AI_MODELS, critical=True, skipped=missing)
    return Planned(check, None if missing else partial(look_at_models, services))


def _stripe(services: Services, settings: OperationsSettings) -> Planned:
    key = settings.stripe_key.get_secret_value()
    missing = None if key else _("STRIPE_RESTRICTED_KEY isn’t set.")
    slow = timedelta(seconds=2)
    check = Check("stripe_api", _("Stripe API"), CheckKind.STRIPE, warn_after=slow, skipped=missing)

    async def probe() -> Finding:
        line = await _line(
            services,
            check,
            str(settings.stripe_base),
            "STRIPE_API_BASE",
            service=_("Stripe"),
            headers={"Authorization": f"Bearer {key}"},
        )
        return await look_at_stripe(line, expected_live=settings.stripe_live)

    return Planned(check, probe if key else None)


def _telegram(services: Services, settings: OperationsSettings) -> Planned:
    token = settings.telegram_token.get_secret_value()
    missing = None if token else _("TELEGRAM_BOT_TOKEN isn’t set.")
    check = Check("telegram_bot", _("Telegram bot"), CheckKind.TELEGRAM, skipped=missing)
    expected = ExpectedBot(
        username=settings.telegram_username,
        webhook=str(settings.telegram_webhook or ""),
        poll_timeout=timedelta(seconds=settings.telegram_poll_seconds),
    )

    async def probe() -> Finding:
        address = f"{str(settings.telegram_base).rstrip('/')}/bot{token}"
        line = await _line(services, check, address, "TELEGRAM_API_BASE", service=_("Telegram"))
        evidence = await _bot_evidence(services)
        return await look_at_telegram(line, expected, evidence, services.clock.now())

    return Planned(check, probe if token else None)


async def _bot_evidence(services: Services) -> BotEvidence:
    """When we last polled the bot, and how long messages for it have waited."""
    now = services.store.present()
    async with services.store.reading() as connection:
        polls = [each for each in await sources(connection, now) if each.source == _TELEGRAM]
        waited = await oldest_unsent(connection, _TELEGRAM, now)
    return BotEvidence(max((p.last_good for p in polls if p.last_good is not None), default=None), waited)


def _web_app(services: Services, settings: OperationsSettings) -> Planned:
    address = str(settings.web_app_url or "")
    missing = None if address else _("HEALTH_WEB_APP_URL isn’t set.")
    check = Check(
        name="web_app",
        title=_("Web application"),
        kind=CheckKind.WEB_APP,
        critical=True,
        warn_after=timedelta(seconds=1),
        skipped=missing,
    )

    async def probe() -> Finding:
        line = await _line(services, check, address, "HEALTH_WEB_APP_URL", service=_("the web application"))
        return await look_at_web_app(line, address, settings.certificate_days, services.clock.now())

    return Planned(check, probe if address else None)


def _added(services: Services, check: Check, target: Target) -> Probe:
    """How to look at what a person added."""
    match target:
        case HttpTarget():
            return partial(_look_over_http, services, check, target)
        case TcpTarget():
            return partial(look_at_port, target)
        case DnsTarget():
            return partial(look_at_name, target)
        case PingTarget():
            return partial(ping, target)
        case TlsTarget():
            return partial(_look_at_certificate, services, target)
        case ProcessTarget():
            return partial(look_at_processes, target)
        case SqlTarget():
            return partial(look_at_database, target)


async def _look_over_http(services: Services, check: Check, target: HttpTarget) -> Finding:
    line = await _line(services, check, target.url, "checks.toml", service=check.title)
    return await look_at_web_address(line, target.expected)


async def _look_at_certificate(services: Services, target: TlsTarget) -> Finding:
    return await look_at_certificate(target, services.clock.now())


async def _line(
    services: Services,
    check: Check,
    address: str,
    setting: str,
    *,
    service: Message | str,
    headers: dict[str, str] | None = None,
) -> Line:
    """The kept line of a check, made anew when what it depends on has changed."""

    def make() -> Line:
        return Line(
            address,
            service=service if isinstance(service, Message) else Message("{name}", (("name", service),)),
            setting=setting,
            politeness=services.politeness,
            clock=services.clock,
            limit=check.timeout.total_seconds(),
            headers=headers,
        )

    version = (address, tuple((headers or {}).items()), check.timeout)
    return await services.connections.get(f"operations.check.{check.name}", version, make)
