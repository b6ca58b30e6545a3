"""Taara's answers: the figures meant, nothing lost to what can't be read, and unknown never taken for 0."""

from __future__ import annotations

import copy
import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.areas.usage.client.parsing import fingerprint, parse_balance, parse_bundle, parse_expiry
from core.areas.usage.model import Basis, Bundle, Plan
from core.errors import BadAnswerError
from core.units import Money

GB = 10**9

SAMPLE: dict[str, Any] = {
    "data": {
        "subscriberId": "11111111-2222-4333-8444-555555555555",
        "balanceSummary": {
            "balanceSummaryHeadline": {"headLineText": "1 Month Unlimited", "prefixMaterialIconName": "home"},
            "balanceSummaryByLine": "19 days",
            "remainingBalance": 0,
        },
        "subscriberActiveAndUnusedPlans": [
            {
                "isActive": True,
                "planId": "aaaaaaaaaaaaaaaaaaaaaa01",
                "planName": "1 Month Unlimited",
                "remainingBalance": "412.7 GB",
                "expiresIn": "19 days",
                "isHomePlan": True,
            },
            {
                "isActive": False,
                "planId": "aaaaaaaaaaaaaaaaaaaaaa02",
                "planName": "500 MB Free Trial",
                "remainingBalance": "500.0 MB",
                "expiresIn": "18 days",
                "isHomePlan": False,
            },
        ],
        "purchasedHistory": [
            {
                "purchasedAt": "01/15/2031",
                "historyDate": "01/15/2031",
                "purchasedHistoryPlans": [
                    {
                        "_id": "bbbbbbbbbbbbbbbbbbbbbb01",
                        "planDisplayName": "1 Month Unlimited",
                        "resellerPrice": {"currencyCode": "KES", "units": 2500, "nanos": 0},
                        "isRewardPlan": False,
                        "dataUsage": {"totalDataUsage": 412_683_000_000},
                    },
                    {
                        "_id": "bbbbbbbbbbbbbbbbbbbbbb02",
                        "planDisplayName": "500 MB Free Trial",
                        "resellerPrice": {"currencyCode": "KES", "units": 0, "nanos": 0},
                        "isRewardPlan": True,
                        "dataUsage": {"totalDataUsage": 500_000_000},
                    },
                ],
            }
        ],
    },
    "message": "List Customers Bundles",
}


def bundle_of(plans: Any, history: Any = None) -> Bundle:
    return parse_bundle({"data": {"subscriberActiveAndUnusedPlans": plans, "purchasedHistory": history}})


def plan(balance: object = "412.7 GB", *, name: str = "Home", **fields: Any) -> dict[str, Any]:
    row = {"planId": f"id-{name}", "planName": name, "isActive": True, "expiresIn": "9 days"}
    return {**row, "remainingBalance": balance, **fields}


def bought(purchase: str, day: str | None, remaining: object, *, name: str = "Home") -> dict[str, Any]:
    row = {"_id": purchase, "planDisplayName": name, "dataUsage": {"totalDataUsage": remaining}}
    return {"purchasedAt": day, "purchasedHistoryPlans": [row]}


def only_plan(bundle: Bundle) -> Plan:
    assert len(bundle.plans) == 1
    return bundle.plans[0]


def test_the_contracts_sample_body() -> None:
    bundle = parse_bundle(SAMPLE)

    assert bundle.subscriber == fingerprint("11111111-2222-4333-8444-555555555555")
    assert bundle.plans == (
        Plan(
            plan_id="aaaaaaaaaaaaaaaaaaaaaa01",
            name="1 Month Unlimited",
            active=True,
            home=True,
            balance=412_683_000_000,
            basis=Basis.BYTES,
            unlimited=False,
            expires_in_days=19,
            balance_text="412.7 GB",
            expires_text="19 days",
            stated_bytes=412_683_000_000,
            purchase_id="bbbbbbbbbbbbbbbbbbbbbb01",
        ),
        Plan(
            plan_id="aaaaaaaaaaaaaaaaaaaaaa02",
            name="500 MB Free Trial",
            active=False,
            home=False,
            balance=500_000_000,
            basis=Basis.BYTES,
            unlimited=False,
            expires_in_days=18,
            balance_text="500.0 MB",
            expires_text="18 days",
            stated_bytes=500_000_000,
            purchase_id="bbbbbbbbbbbbbbbbbbbbbb02",
        ),
    )
    first, second = bundle.purchases
    assert (first.purchased_on, first.price, first.reward) == (
        date(2031, 1, 15),
        Money(Decimal(2500), "KES"),
        False,
    )
    assert (second.price, second.reward, second.remaining_bytes) == (
        Money(Decimal(0), "KES"),
        True,
        500_000_000,
    )
    assert bundle.warnings == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("412.7 GB", 412_700_000_000),
        ("928.5 GB", 928_500_000_000),
        ("500.0 MB", 500_000_000),
        ("500MB", 500_000_000),
        ("1,024.5 gb", 1_024_500_000_000),
        ("1,234,567 KB", 1_234_567_000),
        ("1.25 TB", 1_250_000_000_000),
        ("17 B", 17),
        ("0 GB", 0),
        ("0.0 MB", 0),
        (" 80\u00a0GB ", 80 * GB),
    ],
)
def test_a_balance_is_decimal(text: str, expected: int) -> None:
    balance = parse_balance(text)

    assert (balance.bytes, balance.unlimited, balance.warning) == (expected, False, None)


@pytest.mark.parametrize("text", ["Unlimited", "UNLIMITED", " ∞ "])
def test_an_unlimited_balance_is_no_number(text: str) -> None:
    balance = parse_balance(text)

    assert (balance.bytes, balance.unlimited, balance.warning) == (None, True, None)


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "GB",
        "412.7",
        "412,7 GB",
        "1,23 GB",
        "-1 GB",
        "1e3 GB",
        "12 GiB",
        "12 GB left",
        "999999999999999 TB",
        "٣ GB",
        0,
        412.7,
        True,
        [],
        {},
        "9" * 100_000,
    ],
)
def test_a_balance_that_can_not_be_read_is_unknown_and_never_0(value: object) -> None:
    balance = parse_balance(value)

    assert (balance.bytes, balance.unlimited) == (None, False)
    assert balance.warning is not None


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("28 days", 28),
        ("1 day", 1),
        ("0 days", 0),
        ("12 hours", 0),
        ("36 Hours", 1),
        ("90 minutes", 0),
        ("2 days 30 hours", 3),
        ("1 day, 4 hours and 10 minutes", 1),
        ("2 weeks", 14),
        ("Today", 0),
        ("TOMORROW", 1),
        ("Expired", 0),
        ("2031-02-01", 6),
        ("2031-01-20", 0),
        ("2031-02-01T12:00:00Z", 6),
    ],
)
def test_an_expiry_is_whole_days(text: str, days: int) -> None:
    expiry = parse_expiry(text, date(2031, 1, 26))

    assert (expiry.days, expiry.warning) == (days, None)


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "soon",
        "days",
        "28",
        "1 month",
        "-3 days",
        "28 days left",
        "999999 weeks",
        "2031-13-01",
        "2031-02-01 or so",
        28,
        [],
        "1 day" * 9_999,
    ],
)
def test_an_expiry_that_can_not_be_read_is_unknown_and_never_0(value: object) -> None:
    expiry = parse_expiry(value, date(2031, 1, 26))

    assert expiry.days is None
    assert expiry.warning is not None


def test_a_date_needs_to_know_what_day_it_is() -> None:
    assert parse_expiry("2031-02-01").days is None


@pytest.mark.parametrize(
    ("text", "stated", "exact"),
    [
        ("412.7 GB", 412_650_000_000, True),
        ("412.7 GB", 412_750_000_000, True),
        ("412.7 GB", 412_649_999_999, False),
        ("412.7 GB", 412_750_000_001, False),
        ("500.0 MB", 500_050_000, True),
        ("500.0 MB", 500_050_001, False),
        ("412 GB", 412_500_000_000, True),
        ("412 GB", 411_499_999_999, False),
        ("1,000.00 GB", 1_000_005_000_000, True),
        ("1,000.00 GB", 1_000_005_000_001, False),
    ],
)
def test_the_byte_figure_is_trusted_within_half_of_the_last_digit(
    text: str, stated: int, exact: bool
) -> None:
    read = only_plan(bundle_of([plan(text)], [bought("b1", "01/15/2031", stated)]))

    assert read.stated_bytes == stated
    if exact:
        assert (read.balance, read.basis, read.warnings) == (stated, Basis.BYTES, ())
    else:
        assert (read.balance, read.basis) == (parse_balance(text).bytes, Basis.TEXT)
        assert len(read.warnings) == 1


def test_the_byte_figure_alone_is_no_balance() -> None:
    read = only_plan(bundle_of([plan("plenty")], [bought("b1", "01/15/2031", 5 * GB)]))

    assert (read.balance, read.basis, read.stated_bytes) == (None, Basis.UNKNOWN, 5 * GB)


def test_a_plan_called_unlimited_is_a_capped_one() -> None:
    read = only_plan(bundle_of([plan("1.0 GB", name="1 Month Unlimited")]))

    assert (read.balance, read.unlimited) == (GB, False)


def test_one_bad_plan_loses_no_other() -> None:
    bundle = bundle_of(
        [plan(None, name="A", expiresIn=None, isActive=None), plan("2.0 GB", name="B"), 7, {"isActive": True}]
    )

    assert [(each.name, each.balance, each.expires_in_days) for each in bundle.plans] == [
        ("A", None, None),
        ("B", 2 * GB, 9),
    ]
    assert len(bundle.plans[0].warnings) == 3
    assert bundle.plans[1].warnings == ()
    assert len(bundle.warnings) == 1


@pytest.mark.parametrize("nothing", [{}, {"subscriberActiveAndUnusedPlans": None, "purchasedHistory": None}])
def test_an_account_without_plans_is_no_error(nothing: dict[str, object]) -> None:
    bundle = parse_bundle({"data": {"showConnectButton": True, **nothing}})

    assert (bundle.plans, bundle.purchases, bundle.subscriber) == ((), (), "")
    assert len(bundle.warnings) == 1


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        "text",
        {},
        {"data": None},
        {"data": []},
        {"data": {"subscriberActiveAndUnusedPlans": {}}},
        {"data": {"subscriberActiveAndUnusedPlans": [None]}},
    ],
)
def test_an_answer_of_another_shape_is_no_account_whose_plans_ended(document: object) -> None:
    with pytest.raises(BadAnswerError):
        parse_bundle(document)


def test_the_headline_tells_the_plan_in_use_when_the_plans_do_not() -> None:
    document = copy.deepcopy(SAMPLE)
    for row in document["data"]["subscriberActiveAndUnusedPlans"]:
        del row["isActive"]

    assert [each.active for each in parse_bundle(document).plans] == [True, False]


def test_a_plan_without_an_id_goes_by_its_name() -> None:
    bundle = bundle_of([plan(name="A", planId=None), plan(name="B", planId="")])

    assert [each.plan_id for each in bundle.plans] == ["name:A", "name:B"]


def test_the_purchase_is_the_one_whose_bytes_agree() -> None:
    history = [
        bought("older", "11/15/2030", 0),
        bought("right", "12/15/2030", 412_683_000_000),
        bought("newest", "01/15/2031", 1_000 * GB),
    ]

    assert only_plan(bundle_of([plan()], history)).purchase_id == "right"


def test_else_the_purchase_is_the_newest_wherever_it_stands() -> None:
    history = [
        bought("newest", "01/15/2031", 7),
        bought("older", "12/31/2030", 8),
        bought("undated", None, 9),
    ]

    read = only_plan(bundle_of([plan()], history))

    assert (read.purchase_id, read.stated_bytes, read.basis) == ("newest", 7, Basis.TEXT)


def test_else_there_is_no_purchase() -> None:
    history = [
        bought("one", None, 7),
        bought("two", "soon", 8),
        bought("other", "01/15/2031", 9, name="Other"),
    ]

    read = only_plan(bundle_of([plan()], history))

    assert (read.purchase_id, read.stated_bytes, read.balance) == ("", None, 412_700_000_000)


def test_two_plans_of_one_product_have_a_purchase_each() -> None:
    history = [bought("old", "12/15/2030", 5 * GB), bought("new", "01/15/2031", 1_000 * GB)]
    plans = [plan("5.0 GB"), plan("1000.0 GB", isActive=False)]

    assert [each.purchase_id for each in bundle_of(plans, history).plans] == ["old", "new"]


def test_of_two_full_plans_the_unused_one_is_the_newer_purchase() -> None:
    history = [bought("old", "12/15/2030", 1_000 * GB), bought("new", "01/15/2031", 1_000 * GB)]
    plans = [plan("1000.0 GB"), plan("1000.0 GB", isActive=False)]

    assert [each.purchase_id for each in bundle_of(plans, history).plans] == ["old", "new"]


def test_a_purchase_listed_twice_is_one() -> None:
    history = [bought("b1", "01/15/2031", GB), bought("b1", "01/15/2031", GB)]

    assert [purchase.id for purchase in bundle_of([plan()], history).purchases] == ["b1"]


@pytest.mark.parametrize(
    ("price", "expected"),
    [
        ({"currencyCode": "KES", "units": "2500", "nanos": 500_000_000}, Money(Decimal("2500.5"), "KES")),
        ({"currencyCode": "KES", "units": 2500}, Money(Decimal(2500), "KES")),
        ({"currencyCode": "KES"}, None),
        ({"currencyCode": "shilling", "units": 1}, None),
        ({"currencyCode": "KES", "units": 1, "nanos": 10**9}, None),
        ({"currencyCode": "KES", "units": -1, "nanos": 0}, None),
        (None, None),
        (2500, None),
    ],
)
def test_a_price_is_units_and_billionths(price: object, expected: Money | None) -> None:
    history = [bought("b1", "01/15/2031", GB)]
    history[0]["purchasedHistoryPlans"][0]["resellerPrice"] = price

    assert bundle_of([plan()], history).purchases[0].price == expected


@pytest.mark.parametrize(
    ("written", "day"),
    [("01/15/2031", date(2031, 1, 15)), ("2031-01-15", date(2031, 1, 15)), ("15/01/2031", None), (7, None)],
)
def test_a_purchase_is_dated_month_first(written: object, day: date | None) -> None:
    history = [bought("b1", None, GB) | {"historyDate": written}]
    bundle = bundle_of([plan()], history)

    assert bundle.purchases[0].purchased_on == day
    assert (bundle.warnings == ()) == (day is not None)


def test_bytes_written_as_text_are_read() -> None:
    read = only_plan(bundle_of([plan()], [bought("b1", "01/15/2031", "412683000000")]))

    assert (read.balance, read.basis) == (412_683_000_000, Basis.BYTES)


def test_foreign_text_is_made_safe() -> None:
    read = only_plan(bundle_of([plan("\x1b[2J1 GB", name="Ho\u202eme\x00", expiresIn="x\x9by")]))

    shown = f"{read}{[str(warning) for warning in read.warnings]}"
    assert not any(unsafe in shown for unsafe in "\x1b\u202e\x00\x9b")


def test_a_fingerprint_is_not_the_id_and_always_the_same() -> None:
    mark = fingerprint("11111111-2222-4333-8444-55555555ABCD")

    assert mark == fingerprint(" 11111111-2222-4333-8444-55555555abcd ") != fingerprint("other")
    assert len(mark) == 32
    assert int(mark, 16)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["subscriberActiveAndUnusedPlans", "purchasedHistory"]), JSON) | JSON)
def test_any_json_is_read_or_refused(data: object) -> None:
    try:
        bundle = parse_bundle({"data": data})
    except BadAnswerError:
        return
    assert all(each.balance is None or each.balance >= 0 for each in bundle.plans)


def places(node: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value inside the document, inner ones included."""
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [step for key, value in inner for step in [(*path, key), *places(value, (*path, key))]]


PLAN_FIELDS = [
    place for place in places(SAMPLE) if place[:3] == ("data", "subscriberActiveAndUnusedPlans", 0)
]


@given(place=st.sampled_from([each for each in PLAN_FIELDS if len(each) == 4]), odd=JSON)
def test_whatever_one_plan_holds_the_other_is_read(place: tuple[Any, ...], odd: object) -> None:
    document = json.loads(json.dumps(SAMPLE))
    document["data"]["subscriberActiveAndUnusedPlans"][0][place[-1]] = odd

    trial = parse_bundle(document).plans[-1]

    assert (trial.name, trial.balance, trial.expires_in_days) == ("500 MB Free Trial", 500_000_000, 18)
    assert trial.purchase_id == "bbbbbbbbbbbbbbbbbbbbbb02"


@given(place=st.sampled_from(places(SAMPLE)), odd=JSON)
def test_whatever_one_field_holds_nothing_breaks(place: tuple[Any, ...], odd: object) -> None:
    document = json.loads(json.dumps(SAMPLE))
    node: Any = document
    for step in place[:-1]:
        node = node[step]
    node[place[-1]] = odd

    try:
        bundle = parse_bundle(document)
    except BadAnswerError:
        assert place[-1] in ("data", "subscriberActiveAndUnusedPlans")
        return
    for each in bundle.plans:
        assert each.balance is not None or each.unlimited or each.warnings


@given(st.decimals(min_value=0, max_value=10_000, places=1), st.sampled_from(["B", "KB", "MB", "GB", "TB"]))
def test_what_taara_would_write_is_read_back(figure: Decimal, unit: str) -> None:
    balance = parse_balance(f"{figure} {unit}")
    factor = 1000 ** ["B", "KB", "MB", "GB", "TB"].index(unit)

    assert balance.bytes == int(figure * factor)
    assert balance.agrees_with(balance.bytes)
