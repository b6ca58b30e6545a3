"""The errands that a simulator runs by itself."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import httpx
import pytest

from core.moment import FrozenClock, SystemClock
from core.simulators.courier import Courier, NoWayError
from core.simulators.simulated_time import SimulatedTime


@pytest.fixture
def time() -> SimulatedTime:
    return SimulatedTime(FrozenClock(datetime(2026, 1, 22, tzinfo=UTC)))


async def test_a_line_keeps_its_order_and_a_rest_holds_it_back(time: SimulatedTime) -> None:
    courier = Courier(time, by_hand=True)
    done: list[str] = []
    rests = iter([5.0, None])

    async def rests_once(_client: httpx.AsyncClient) -> float | None:
        done.append("first")
        return next(rests)

    async def second(_client: httpx.AsyncClient) -> None:
        done.append("second")

    courier.send("a", rests_once)
    courier.send("a", second)
    courier.send("b", second)
    await courier.run_due()
    assert sorted(done) == ["first", "second"]

    time.advance(5)
    await courier.run_due()
    assert done[2:] == ["first", "second"]
    assert not courier.busy


async def test_an_errand_that_breaks_is_over_and_why_is_kept(time: SimulatedTime) -> None:
    courier = Courier(time, by_hand=True)

    async def breaks(_client: httpx.AsyncClient) -> None:
        raise LookupError("no")

    courier.send("a", breaks)
    await courier.run_due()

    assert not courier.busy
    assert [str(error) for error in courier.errors] == ["no"]


def test_a_thread_runs_errands_as_they_come_until_closed() -> None:
    courier = Courier(SimulatedTime(SystemClock()))
    ran = threading.Event()

    async def errand(_client: httpx.AsyncClient) -> None:
        ran.set()

    courier.send("a", errand)
    assert ran.wait(5)
    courier.close()
    ran.clear()
    courier.send("a", errand)
    assert not ran.wait(0.05)


def test_it_goes_to_loopback_only_or_where_a_road_leads(time: SimulatedTime) -> None:
    courier = Courier(time)
    courier.lead("https://ops.example.test/anything", "http://127.0.0.1:8443")

    assert courier.way("http://127.0.0.1:9/x") == "http://127.0.0.1:9/x"
    assert courier.way("https://OPS.example.test/hooks/x?y=1") == "http://127.0.0.1:8443/hooks/x?y=1"
    for elsewhere in ("https://ops.example.test:444/x", "https://www.example.test/", "nonsense"):
        with pytest.raises(NoWayError):
            courier.way(elsewhere)
