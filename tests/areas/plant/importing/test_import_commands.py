"""`plant import`: what it would do, and doing it, by the same rules as commands."""

from __future__ import annotations

import pytest

from core.areas.plant.model.orders import Order, OrderState
from core.dispatch import ConfirmationNeededError
from core.errors import InputError, RefusedError
from core.store.audit import entries
from core.store.versions import NEWEST
from tests.areas.plant.importing.world import ImportWorld, results
from tests.areas.plant.orders.world import NOW, OPERATOR, VIEWER, hours, order

_UPSTREAM = (
    "order_number;product_id;quantity;end_date;status;customer_name\n"
    "ORD-7;Canvas bag;100;2026-03-10;pending;Kilimanjaro Ltd\n"
    "ord 8;Tote;50;2026-03-12T17:00:00Z;pending;=HYPERLINK(1)\n"
)


async def test_the_other_systems_names_for_columns_will_do(world: ImportWorld) -> None:
    assert results(await world.look("orders", _UPSTREAM)) == [
        ("would be added", "ORD-7", ""),
        ("would be added", "ORD-8", ""),
    ]
    assert await world.known("orders") == []
    await world.take("orders", _UPSTREAM)
    first, second = await world.known("orders")
    assert isinstance(first, Order)
    assert isinstance(second, Order)
    assert (first.number, first.quantity, first.customer) == ("ORD-7", 100, "Kilimanjaro Ltd")
    assert second.customer == "=HYPERLINK(1)"
    assert "'=HYPERLINK(1)" in await world.export("orders")


async def test_importing_twice_imports_nothing_twice(world: ImportWorld) -> None:
    await world.take("orders", _UPSTREAM)
    before = await world.known("orders")
    page = await world.look("orders", _UPSTREAM)
    assert {word for word, _name, _what in results(page)} == {"left alone"}
    assert page.actions[0].unavailable is not None
    await world.take("orders", _UPSTREAM)
    assert await world.known("orders") == before


async def test_changes_are_shown_field_by_field(world: ImportWorld) -> None:
    await world.take("orders", _UPSTREAM)
    page = await world.look("orders", "number,quantity,notes\nORD-7,120,urgent\n")
    assert results(page) == [
        ("would change", "ORD-7", "quantity: 100 → 120"),
        ("would change", "ORD-7", "notes: – → urgent"),
    ]


async def test_the_new_value_of_a_moment_is_shown_whole_and_only_as_exactly_as_it_differs(
    world: ImportWorld,
) -> None:
    known = order(due=NOW.replace(microsecond=490_985))
    await world.keep([known])
    page = await world.look("orders", "number,quantity,due\nORD-1,1300,2026-03-04T08:00\n")
    assert ("would change", "ORD-1", "due: 2026-03-02T08:00Z → 2026-03-04T08:00Z") in results(page)
    assert "due: 2026-03-02T08:00Z → 2026-03-04T08:00Z" in world.plant.text(page)
    page = await world.look("orders", "number,due\nORD-1,2026-03-02T08:00:07Z\n")
    assert [what for *_, what in results(page)] == ["due: 2026-03-02T08:00:00Z → 2026-03-02T08:00:07Z"]


async def test_reasons_and_new_values_that_a_table_cuts_stand_in_full_below(world: ImportWorld) -> None:
    await world.keep([order(state=OrderState.IN_PROGRESS, notes="before " * 20)])
    after = "call them when the first hundred pieces are packed and again before the lorry leaves"
    page = await world.look("orders", "number,state\nORD-1,archived\n")
    shown = " ".join(world.plant.text(page).split())
    assert "state: ORD-1 is in progress and can’t become archived from there; it can become" in shown
    assert "completed" in shown.split("it can become")[-1]
    page = await world.look("orders", f"number,notes\nORD-1,{after}\n")
    assert f"→ {after}" in " ".join(world.plant.text(page).split())


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("ORD-1,completed,done", "state: ORD-1 is pending and can’t become completed"),
        ("ORD-1,on_hold,", "state: Give the reason why ORD-1 becomes on hold"),
        ("ORD-1,scheduled,", "state: ORD-1 has no schedule yet"),
        ("ORD-1,finished,", "state: “finished” isn't one of: pending"),
        ("ORD/ /,pending,", "number: “ORD/ /” is no order number"),
        ("ORD-9,pending,", "product: A new one needs this."),
        ("ORD-1,pending", "2 cells where the header has 3"),
    ],
)
async def test_rows_are_refused_by_the_rules_of_commands(world: ImportWorld, row: str, said: str) -> None:
    await world.keep([order()])
    ((word, _name, what),) = results(await world.look("orders", f"number,state,reason\n{row}\n"))
    assert word == "refused"
    assert said in what
    with pytest.raises(RefusedError, match=r"One row is refused, so nothing was changed\. Line 2, "):
        await world.take("orders", f"number,state,reason\n{row}\n")


async def test_a_legal_move_is_made_and_told_as_a_command_tells_it(world: ImportWorld) -> None:
    await world.keep([order(state=OrderState.IN_PROGRESS)])
    content = "number,state,completed\nORD-1,completed,100\n"
    page = await world.take("orders", content)
    assert {word for word, _name, _what in results(page)} == {"changed"}
    assert ("changed", "ORD-1", "state: in_progress → completed") in results(page)
    (after,) = await world.known("orders")
    assert isinstance(after, Order)
    assert (after.state, after.completed, after.actual_end) == (OrderState.COMPLETED, 100, NOW)
    kinds = [each.event.kind for each in await world.plant.events()]
    assert kinds == ["plant.order.progress", "plant.order.completed", "plant.imported"]
    async with world.plant.deck.services.store.reading() as connection:
        entry = (await entries(connection, at=NEWEST, limit=1))[0].entry
    assert (entry.action, entry.target) == ("plant import apply", "import:orders")
    assert entry.after["changed"] == 1


async def test_a_file_is_taken_as_a_whole_or_not_at_all(world: ImportWorld) -> None:
    await world.keep([order(state=OrderState.IN_PROGRESS)])
    content = "number,state,completed\nORD-1,completed,100\nORD-404,pending,0\nORD-405,pending,x\n"
    page = await world.look("orders", content)
    words = [word for word, _name, _what in results(page)]
    assert words[:2] == ["refused", "refused"]
    assert set(words[2:]) == {"would change"}
    assert page.actions[0].unavailable is not None
    with pytest.raises(RefusedError) as raised:
        await world.take("orders", content)
    assert str(raised.value) == (
        "2 rows are refused, so nothing was changed. The first is line 3, product: A new one needs this."
    )
    (after,) = await world.known("orders")
    assert isinstance(after, Order)
    assert after.state is OrderState.IN_PROGRESS
    assert await world.plant.events() == []


async def test_what_no_import_changes_is_refused(world: ImportWorld) -> None:
    await world.keep([order()])
    ((word, _name, what),) = results(await world.look("orders", "number,created_at\nORD-1,2020-01-01\n"))
    assert (word, "created_at: It is 2026-03-02T08:00:00Z" in what) == ("refused", True)


async def test_one_thing_stands_in_a_file_once(world: ImportWorld) -> None:
    page = await world.look("departments", "code,name\nNEW,New\nnew,Newer\n")
    assert results(page) == [
        ("refused", "NEW", "code: It stands on line 2 already."),
        ("would be added", "NEW", ""),
    ]


async def test_columns_have_to_be_told_apart(world: ImportWorld) -> None:
    with pytest.raises(InputError, match="all mean number"):
        await world.look("orders", "number,order_number\nORD-1,ORD-1\n")
    with pytest.raises(InputError, match="no column number"):
        await world.look("orders", "product\nBag\n")
    page = await world.look("departments", "code,name,nmae\nNEW,New,x\n")
    assert "nmae (name?)" in world.plant.text(page)


async def test_who_may_and_that_it_is_confirmed(world: ImportWorld) -> None:
    for person in (VIEWER, OPERATOR):
        with pytest.raises(RefusedError):
            await world.look("orders", _UPSTREAM, person)
        with pytest.raises(RefusedError):
            await world.take("orders", _UPSTREAM, person)
    with pytest.raises(ConfirmationNeededError):
        await world.take("orders", _UPSTREAM, confirmed=False)
    with pytest.raises(RefusedError):
        await world.export("operators", VIEWER)
    with pytest.raises(RefusedError, match="administrator"):
        await world.export("operators", OPERATOR, phones="whole")
    assert "+255700000123" not in await world.export("operators")
    assert "'+255700000123" in await world.export("operators", phones="whole")
    assert await world.known("orders") == []


async def test_a_file_that_changed_since_it_was_looked_at_is_refused(world: ImportWorld) -> None:
    page = await world.look("orders", _UPSTREAM)
    arguments = dict(page.actions[0].arguments)
    world.file(_UPSTREAM.replace("50", "60"))
    from core.command import Invocation
    from tests.areas.plant.orders.world import ADMIN

    with pytest.raises(RefusedError, match="has changed since"):
        await world.plant.deck.run(Invocation("plant import apply", ADMIN, arguments, confirmed=True))
    world.file(_UPSTREAM)
    await world.plant.deck.run(Invocation("plant import apply", ADMIN, arguments, confirmed=True))
    assert len(await world.known("orders")) == 2


async def test_an_imported_number_is_not_given_away_again(world: ImportWorld) -> None:
    machines = "machine_number,name,department\nMACH001,Press,CUT\n"
    await world.take("machines", machines)
    await world.take(
        "maintenance",
        "ticket_number,machine_id,severity,status\nMNT-2026-0041,mach 1,high,open\n",
    )
    await world.plant.run("maintenance", machine="MACH-001", issue="bearing", urgency="low")
    numbers = {str(getattr(each, "number", "")) for each in await world.known("maintenance")}
    assert numbers == {"MNT-2026-0041", "MNT-2026-0042"}


async def test_work_is_planned_and_an_order_scheduled_by_it(world: ImportWorld) -> None:
    await world.keep([order()])
    content = (
        "order,line,start,end,department,operator\n"
        "ORD-1,1,2026-03-02T09:00Z,2026-03-02T12:00Z,CUT,E-1\n"
        "ORD-1,2,2026-03-02T12:00Z,2026-03-02T17:00Z,SEW,E-404\n"
        "ORD-1,3,2026-03-03T12:00Z,2026-03-03T11:00Z,SEW,\n"
    )
    page = await world.look("schedules", content)
    assert [(word, name) for word, name, _what in results(page)] == [
        ("refused", "ORD-1 / 2"),
        ("refused", "ORD-1 / 3"),
        ("would be added", "ORD-1 / 1"),
    ]
    await world.take("schedules", "".join(content.splitlines(keepends=True)[:2]))
    (after,) = await world.known("orders")
    assert isinstance(after, Order)
    assert (after.state, after.scheduled_start) == (OrderState.SCHEDULED, hours(1))


async def test_a_bill_is_added_whole_or_not_at_all_and_changed_by_approval_only(world: ImportWorld) -> None:
    header = "bom,version,product_id,code,quantity,unit_cost\n"
    page = await world.take("boms", header + "888,1,Bag,FAB-01,2.5,4.20\n888,1,Bag,THR-02,1,0.80\n")
    assert [word for word, _name, _what in results(page)] == ["added"]
    page = await world.look("boms", header + "888,1,Bag,FAB-01,3,4.20\n889,1,Bag,FAB-01,0,1\n")
    refused = {name: what for word, name, what in results(page) if word == "refused"}
    assert "stays as it was made" in refused["BOM-888 / 1"]
    page = await world.look("boms", header + "888,2,Bag,FAB-01,3,4.20\n")
    assert "made by approval" in results(page)[0][2]
    assert len(await world.known("boms")) == 1


async def test_nothing_is_taken_over_where_something_goes_wrong(
    world: ImportWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.areas.plant.writes import importing

    async def broken(*_: object) -> None:
        raise RefusedError(page.title)

    page = await world.look("orders", _UPSTREAM)
    monkeypatch.setattr(importing, "_note_histories", broken)
    with pytest.raises(RefusedError):
        await world.take("orders", _UPSTREAM)
    assert await world.known("orders") == []
    assert await world.plant.events() == []
