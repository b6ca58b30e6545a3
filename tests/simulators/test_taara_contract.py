"""The three calls of taara.md 1 to 4, as the contract's account sees them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.moment import FrozenClock
from core.simulators.taara import TaaraSimulator
from core.simulators.taara.bodies import balance_text
from tests.simulators.taara_visitor import TaaraVisitor, purchases

NOW = datetime(2026, 3, 4, 10, tzinfo=UTC)


@pytest.fixture
def clock():
    return FrozenClock(NOW)


@pytest.fixture
def sim(clock):
    return TaaraSimulator(clock)


@pytest.fixture
def visitor(sim):
    return TaaraVisitor(sim)


async def test_a_login_answers_a_token_that_names_the_subscriber(sim, visitor):
    assert (await visitor.login()).status_code == 200
    claims = visitor.claims()
    assert claims["sub"] == sim.accounts[0].subscriber_id
    assert claims["exp"] - claims["iat"] == 3600
    assert claims["iat"] == NOW.timestamp()


@pytest.mark.parametrize(
    ("changes", "status", "message"),
    [
        ({"phoneNumber": {"countryCode": "254", "nationalNumber": None}}, 404, "User Not Found"),
        ({"phoneNumber": {"countryCode": 254, "nationalNumber": 700000000}}, 404, "User Not Found"),
        ({"phoneNumber": None}, 404, "User Not Found"),
        ({"passcode": "123456"}, 401, "Incorrect username or password"),
        ({"partnerId": "999999999"}, 400, "Invalid partner"),
    ],
)
async def test_a_login_that_is_wrong_says_what_of_it(sim, visitor, changes, status, message):
    answer = await visitor.login(**changes)
    assert (answer.status_code, answer.json()) == (status, {"message": message})
    assert sim.open_sessions("contract") == 0


async def test_the_bundle_is_the_samples(visitor):
    data = await visitor.data()
    active, unused = data["subscriberActiveAndUnusedPlans"]
    assert active == {
        "isActive": True,
        "planId": "aaaaaaaaaaaaaaaaaaaaaa01",
        "planName": "1 Month Unlimited",
        "planIconName": "home",
        "remainingBalance": "412.7 GB",
        "expiresIn": "19 days",
        "isHomePlan": True,
    }
    assert (unused["isActive"], unused["remainingBalance"], unused["expiresIn"]) == (
        False,
        "500.0 MB",
        "18 days",
    )
    assert data["balanceSummary"]["remainingBalance"] == 0
    assert data["balanceSummary"]["balanceSummaryByLine"] == "19 days"
    assert [day["purchasedAt"] for day in data["purchasedHistory"]] == ["02/20/2026"]
    entries = purchases(data)
    assert [row["dataUsage"]["totalDataUsage"] for row in entries] == [412_683_000_000, 500_000_000]
    assert entries[0]["resellerPrice"] == {"currencyCode": "KES", "units": 2500, "nanos": 0}
    assert len({row["_id"] for row in entries}) == 2
    assert all(len(row["_id"]) == 24 for row in entries)


@pytest.mark.parametrize(
    ("remaining", "text"),
    [
        (928_550_000_000, "928.6 GB"),
        (928_549_999_999, "928.5 GB"),
        (1_000_000_000, "1.0 GB"),
        (999_000_000, "999.0 MB"),
        (0, "0.0 MB"),
    ],
)
def test_balances_are_worded_in_decimal_units_to_the_nearest_tenth(remaining, text):
    assert balance_text(remaining) == text


async def test_time_uses_data_and_days_of_the_active_plan_only(clock, visitor):
    clock.advance(2 * 86_400)
    data = await visitor.data()
    active, unused = purchases(data)
    assert 412_683_000_000 - active["dataUsage"]["totalDataUsage"] == pytest.approx(66e9, rel=0.25)
    assert unused["dataUsage"]["totalDataUsage"] == 500_000_000
    assert [row["expiresIn"] for row in data["subscriberActiveAndUnusedPlans"]] == ["17 days", "16 days"]


async def test_a_token_is_needed_and_ends_with_its_time_or_a_logout(sim, clock, visitor):
    assert (await visitor.bundle()).status_code == 401
    await visitor.login()
    clock.advance(3599)
    assert (await visitor.bundle()).status_code == 200
    clock.advance(1)
    assert (await visitor.bundle()).status_code == 401
    await visitor.login()
    await visitor.logout()
    assert (await visitor.bundle()).status_code == 401
    assert sim.open_sessions("contract") == 0


async def test_an_unknown_subscriber_may_log_out_and_ends_nobodys_session(sim, visitor):
    await visitor.login()
    assert (await visitor.logout("somebody-else")).status_code == 200
    assert sim.open_sessions("contract") == 1


async def test_what_nobody_knows_can_be_set(sim, visitor):
    await visitor.login()
    assert (await visitor.bundle("999")).status_code == 404
    sim.knobs.set("hotspot_status", 200)
    assert (await visitor.bundle("999")).json()["data"] is None
    sim.knobs.set("login_status", 201)
    assert (await visitor.login()).status_code == 201
    sim.lock("contract")
    assert (await visitor.login()).status_code == 403
    sim.knobs.set("strict_referer", True)
    assert (await visitor.bundle()).status_code == 403
    with pytest.raises(ValueError, match="takes no str"):
        sim.knobs.set("login_status", "201")


async def test_the_record_tells_who_asked_for_what_and_no_secret(sim, visitor):
    visitor.client.headers["referer"] = "https://share.taara.company/cp/customers/home?hotspotId=222222222"
    await visitor.data()
    await visitor.login(passcode="123456")
    assert sim.calls("contract") == ["login", "bundle", "logout", "login"]
    assert [row.status for row in sim.record] == [200, 200, 200, 401]
    text = repr(sim.record)
    account = sim.accounts[0]
    for secret in (
        account.phone,
        account.passcode,
        account.partner_id,
        account.hotspot_id,
        account.subscriber_id,
        visitor.token,
    ):
        assert secret not in text
    assert sim.record[1].headers["authorization"] == "Bearer [redacted]"
    assert sim.record[1].headers["referer"].endswith("home?hotspotId=[redacted]")
    assert "passcode" not in repr(account)
