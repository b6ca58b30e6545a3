"""The state machine of reliability.md 4.6, as often as CI has time for; `soak` runs it for longer."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

from tests.reliability.alerting.machine import DeliveryMachine

TestDelivery = DeliveryMachine.TestCase
TestDelivery.settings = settings(
    max_examples=200, stateful_step_count=6, deadline=None, suppress_health_check=list(HealthCheck)
)
