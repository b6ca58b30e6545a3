"""Stripe's answers and what they come to (operations.md 2.4)."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from core.areas.operations.model import HealthStatus as H
from core.areas.operations.model import Reason
from core.areas.operations.rules.stripe import stripe_finding
from core.areas.operations.settings import OperationsSettings
from core.simulators.stripe import FAKE_KEY, StripeSimulator
from tests.areas.operations.watched import serving, watching


@pytest.mark.parametrize(
    ("status", "outcome", "reason"),
    [
        (401, H.FAIL, Reason.AUTH_REJECTED),
        (403, H.WARN, Reason.KEY_LACKS_PERMISSION),
        (429, H.WARN, Reason.RATE_LIMITED),
        (424, H.FAIL, Reason.PROVIDER_UNAVAILABLE),
        (500, H.FAIL, Reason.PROVIDER_UNAVAILABLE),
        (503, H.FAIL, Reason.PROVIDER_UNAVAILABLE),
        (400, H.WARN, Reason.UNEXPECTED_STATUS),
        (402, H.WARN, Reason.UNEXPECTED_STATUS),
        (404, H.WARN, Reason.UNEXPECTED_STATUS),
        (409, H.WARN, Reason.UNEXPECTED_STATUS),
    ],
)
def test_vector_2_4_refusals(status: int, outcome: H, reason: Reason) -> None:
    found = stripe_finding(status, "", None, expected_live=True)

    assert (found.status, found.reason) == (outcome, reason)


def test_vector_2_4_balance_in_the_expected_mode() -> None:
    assert stripe_finding(200, "balance", True, expected_live=True).status is H.PASS
    assert stripe_finding(200, "balance", False, expected_live=False).status is H.PASS


def test_vector_2_4_balance_in_another_mode() -> None:
    found = stripe_finding(200, "balance", False, expected_live=True)

    assert (found.status, found.reason) == (H.WARN, Reason.WRONG_MODE)


def test_something_else_at_the_address_fails() -> None:
    assert stripe_finding(200, "customer", True, expected_live=True).reason is Reason.UNEXPECTED_ANSWER


def test_only_a_restricted_key_is_taken() -> None:
    with pytest.raises(ValidationError, match="restricted"):
        OperationsSettings(STRIPE_RESTRICTED_KEY="sk_live_fake_whole_account")  # type: ignore[call-arg]


async def probed(home: Path, simulator: StripeSimulator, key: str = FAKE_KEY) -> tuple[H, Reason | None, str]:
    with serving(simulator.app) as url:
        settings = {"STRIPE_API_BASE": url, "STRIPE_RESTRICTED_KEY": key, "STRIPE_LIVE_MODE": "false"}
        async with watching(home, **settings) as watched:
            await watched.probe()
            result = await watched.result("stripe_api")
            page = await watched.run("health")
    return result.status, result.reason, repr(page) + repr(result)


async def test_the_probe_reads_the_balance_and_nothing_else(tmp_path: Path) -> None:
    simulator = StripeSimulator()

    status, _reason, shown = await probed(tmp_path, simulator)

    assert status is H.PASS
    assert simulator.calls == 1  # the command found the round to be younger than ten seconds
    assert simulator.forbidden_calls == []
    assert "123400" not in shown
    assert "123_400" not in shown


async def test_a_wrong_key_is_told_without_showing_it(tmp_path: Path) -> None:
    key = "rk_test_another_fake_key_0123456789"

    status, reason, shown = await probed(tmp_path, StripeSimulator(), key)

    assert (status, reason) == (H.FAIL, Reason.AUTH_REJECTED)
    assert key not in shown


async def test_after_a_429_stripe_is_left_alone(tmp_path: Path) -> None:
    simulator = StripeSimulator()
    simulator.status = 429

    _status, reason, _shown = await probed(tmp_path, simulator)

    assert reason is Reason.RATE_LIMITED
    assert simulator.calls == 1
