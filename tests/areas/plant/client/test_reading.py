"""Reading a plant backend over HTTP: everything, once, and again only what is new."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from core.areas.plant.model.boms import BillOfMaterials
from core.areas.plant.model.defects import InternalReject
from core.areas.plant.model.machines import Machine, MachineState
from core.areas.plant.model.maintenance import MaintenanceState, MaintenanceTicket
from core.areas.plant.model.orders import Order, OrderState
from core.areas.plant.model.people import Operator
from core.areas.plant.model.sops import SopState, SopTicket
from core.page import Freshness
from core.store.polls import sources
from core.store.versions import NEWEST
from tests.areas.plant.client.world import BackendWorld, opened
from tests.areas.plant.orders.world import NOW, OPERATOR

_STAMP = f"{NOW - timedelta(hours=5):%Y%m%d%H%M%S}"


async def test_everything_is_read_with_ids_made_into_numbers(world: BackendWorld) -> None:
    assert await world.round() == []
    orders = await world.known("orders")
    assert len(orders) == 24
    order = orders["ORD-5003"]
    assert isinstance(order, Order)
    assert (order.state, order.department, order.sales_order) == (OrderState.IN_PROGRESS, "CUT", "SO-903")
    assert order.product in {"Canvas bag", "Tote", "Apron"}
    ticket = (await world.known("maintenance"))[f"MNT-{_STAMP}"]
    assert isinstance(ticket, MaintenanceTicket)
    assert (ticket.machine, ticket.department, ticket.assignee) == ("MACH-003", "SEW", "Tomas Okello")
    assert ticket.complete_by == NOW + timedelta(hours=3)
    reject = (await world.known("rejects"))[f"RJT-{_STAMP}"]
    assert isinstance(reject, InternalReject)
    assert (reject.order, reject.quantity, reject.stage) == ("ORD-5003", 12, "Sewing")
    sop = (await world.known("sops"))[f"SOP-{_STAMP}"]
    assert isinstance(sop, SopTicket)
    assert (sop.charged, sop.charging, sop.state) == ("CUT", "QA", SopState.OPEN)
    bill = (await world.known("boms"))["BOM-1"]
    assert isinstance(bill, BillOfMaterials)
    assert (str(bill.cost), bill.active) == ("11.300", True)
    assert len(await world.known("returns")) == 1
    assert isinstance((await world.known("operators"))["E-202"], Operator)
    assert isinstance((await world.known("machines"))["MACH-003"], Machine)


async def test_the_first_reading_is_nobodys_news_and_the_next_reads_nothing_anew(world: BackendWorld) -> None:
    await world.round()
    before = await world.known("orders")
    assert await world.plant.events() == []
    await world.round()
    assert await world.known("orders") == before
    assert await world.plant.events() == []


async def test_lists_are_read_page_by_page(world: BackendWorld) -> None:
    template = world.backend.backend.all("orders")[0]
    for at in range(250):
        row = {**template, "order_number": f"ORD-{9_000 + at}"}
        row.pop("id")
        world.backend.backend.add("orders", row)
    await world.round()
    assert len(await world.known("orders")) == 274
    asked = [each.query for each in world.backend.log if each.path == "/api/orders"]
    assert asked == ["skip=0&limit=100", "skip=100&limit=100", "skip=200&limit=100"]


async def test_what_happens_there_is_told_here(world: BackendWorld) -> None:
    await world.round()
    rows = world.backend.backend
    rows.change(rows.row("orders", 3), status="completed", completed_quantity=100)
    rows.change(rows.row("machines", 1), status="broken")
    rows.change(rows.row("maintenance", 1), status="in_progress")
    reject = {**rows.row("rejects", 1), "ticket_number": "RJT-20260302090000"}
    reject.pop("id")
    rows.add("rejects", reject)
    assert await world.round() == []
    kinds = [each.event.kind for each in await world.plant.events()]
    assert sorted(kinds) == [
        "plant.defect.reported",
        "plant.machine.moved",
        "plant.maintenance.moved",
        "plant.order.completed",
    ]
    order = (await world.known("orders"))["ORD-5003"]
    assert isinstance(order, Order)
    assert (order.state, order.previous) == (OrderState.COMPLETED, OrderState.IN_PROGRESS)
    ticket = (await world.known("maintenance"))[f"MNT-{_STAMP}"]
    assert isinstance(ticket, MaintenanceTicket)
    assert ticket.state is MaintenanceState.IN_PROGRESS


async def test_what_is_done_here_stays_until_the_backend_says_otherwise(world: BackendWorld) -> None:
    await world.round()
    await world.plant.run("machine move", machine="MACH-001", state="inactive", reason="Sold")
    await world.plant.run("order move", OPERATOR, order="ORD-5003", state="on_hold", reason="No thread")
    await world.round()
    machine, order = (await world.known("machines"))["MACH-001"], (await world.known("orders"))["ORD-5003"]
    assert isinstance(machine, Machine)
    assert isinstance(order, Order)
    assert (machine.state, order.state, order.reason) == (
        MachineState.INACTIVE,
        OrderState.ON_HOLD,
        "No thread",
    )
    rows = world.backend.backend
    rows.change(rows.row("orders", 3), completed_quantity=1)
    await world.round()
    after = (await world.known("orders"))["ORD-5003"]
    assert isinstance(after, Order)
    assert (after.state, after.completed) == (OrderState.IN_PROGRESS, 1)


async def test_a_part_that_fails_leaves_the_others_and_what_is_known_alone(world: BackendWorld) -> None:
    await world.round()
    rows = world.backend.backend
    rows.change(rows.row("orders", 3), completed_quantity=1)
    world.backend.failures.extend([500])  # the first thing that a round asks for
    (said,) = await world.round()
    assert "fault of its own (status 500)" in said
    order = (await world.known("orders"))["ORD-5003"]
    assert isinstance(order, Order)
    assert order.completed == 1
    assert len(await world.known("departments")) == 3


async def test_rows_that_mean_nothing_are_left_out(world: BackendWorld) -> None:
    rows = world.backend.backend
    for broken in ({"order_number": None}, {"status": "melted"}, {"end_date": None, "scheduled_end": None}):
        row = {**rows.row("orders", 1), "order_number": "ORD-1", **broken}
        row.pop("id")
        rows.add("orders", row)
    assert await world.round() == []
    assert len(await world.known("orders")) == 24


async def test_a_wrong_token_is_tried_once_a_round_and_said_on_the_pane(tmp_path: Path) -> None:
    async with opened(tmp_path, token="fake-wrong-token") as world:
        said = await world.round()
        assert set(said) == {"The plant’s backend does not accept the token. Check PLANT_TOKEN."}
        assert [each.status for each in world.backend.log] == [401]
        page = await world.plant.run("plant")
        assert page.source_state.freshness is Freshness.NEVER
        text = world.plant.text(page)
        assert "Check PLANT_TOKEN" in text
        assert "fake-wrong-token" not in text


async def test_the_pane_says_that_it_is_read_and_how_old_that_is(world: BackendWorld) -> None:
    await world.round()
    page = await world.plant.run("plant")
    assert page.source_state.freshness is Freshness.LIVE
    assert "what is reported here is filed there" in world.plant.text(page)
    world.backend.failures.extend([503] * 20)
    for _ in range(3):
        await world.round()
    page = await world.plant.run("plant")
    assert page.source_state.freshness is Freshness.STALE or page.source_state.freshness is Freshness.UNKNOWN
    assert "status 503" in world.plant.text(page)
    async with world.plant.deck.services.store.reading() as connection:
        found = await sources(connection, NEWEST)
    assert {each.subject for each in found} >= {"people", "orders", "boms"}


async def test_a_person_may_ask_right_now(world: BackendWorld) -> None:
    from core.areas.plant.collection.backend import refresh

    await refresh(world.plant.deck.services)
    assert len(await world.known("machines")) == 3
