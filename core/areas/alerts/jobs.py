"""What alerting does by itself: its turn on the clock, and the reachability probes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from core.area import Every, Job, Services
from core.areas.alerts.settings import AlertsSettings
from core.message import Message, _
from core.notify.alerting.blind import REACHABILITY
from core.notify.alerting.clock import AlertClock
from core.notify.alerting.probing import ReachabilityProbes, read_probes
from core.notify.rules import load_rules
from core.notify.settings import NotifySettings

__all__ = ["jobs", "names"]

_TURN = timedelta(seconds=15)
_PROBE = timedelta(seconds=30)


def jobs(services: Services) -> list[Job]:
    """The jobs of alerting.

    Raises:
        SettingsError: a rule or a probe is wrong.
    """
    rules = load_rules(services.settings.folders, expiries=services.settings.of(NotifySettings).expiries)
    clock = AlertClock(services.store, rules)
    found = [Job("alerts.clock", Every(_TURN), clock.run)]
    probes = read_probes(services.settings.of(AlertsSettings).probes)
    if probes:
        found.append(Job("alerts.probes", Every(_PROBE), ReachabilityProbes(services.store, probes).run))
    return found


def names(services: Services) -> Mapping[tuple[str, str], Message]:
    """What the probes are called to a person."""
    probes = read_probes(services.settings.of(AlertsSettings).probes)
    return {(REACHABILITY, str(each)): _("Reachability by {probe}", probe=str(each)) for each in probes}
