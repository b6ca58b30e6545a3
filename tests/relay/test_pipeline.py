"""The pipeline: one at a time for each person in a chat, others beside it, and poison stalls nobody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from core.message import _
from core.moment import FrozenClock, SystemClock
from core.relay.inbound import ChatKind, Inbound, Press, Sender, Text
from core.relay.pipeline import Pipeline
from core.relay.reply import Reply
from core.relay.right_of_way import RightOfWay
from core.relay.tally import Tally
from core.relay.turn import Outcome, Turn
from core.store.store import Store, Transaction
from tests.notify.alerted import NOON

KEY = b"a fake audit key for tests only!"


def inbound(key: str, user: str = "5001", content: Text | Press | None = None) -> Inbound:
    sender = Sender(user, "Ann")
    told = content or Text(f"words {key}")
    return Inbound("telegram", "telegram:42", key, NOON, user, ChatKind.PRIVATE, sender, told)


class _Line:
    channel = "telegram"
    link = ""

    def __init__(self) -> None:
        self.acknowledged: list[str] = []
        self.busy_in: list[str] = []

    async def acknowledge(self, query: str) -> None:
        self.acknowledged.append(query)

    async def busy(self, chat: str) -> None:
        self.busy_in.append(chat)

    async def delete(self, chat: str, message: str) -> bool:
        return False


class _Talk:
    """Conversations that take as long as they are told to."""

    def __init__(self) -> None:
        self.order: list[str] = []
        self.held: dict[str, asyncio.Event] = {}
        self.broken: set[str] = set()

    async def take(self, inbound: Inbound) -> Turn:
        self.order.append(f"begin {inbound.key}")
        if inbound.key in self.held:
            await self.held[inbound.key].wait()
        if inbound.key in self.broken:
            raise LookupError("a fault")
        self.order.append(f"end {inbound.key}")
        return Turn(Outcome.ANSWERED, (Reply(f"r{inbound.key}", inbound.chat, text=_("Yes.")),))


class _World:
    def __init__(self, pipeline: Pipeline, talk: _Talk, line: _Line, tally: Tally) -> None:
        self.pipeline, self.talk, self.line, self.tally = pipeline, talk, line, tally
        self.recorded: list[tuple[str, Outcome]] = []
        self.commits = 0


@asynccontextmanager
async def world(home: Path, *, most_waiting: int = 100) -> AsyncIterator[_World]:
    store = await Store.open(f"sqlite:///{home / 'p.db'}", clock=FrozenClock(NOON), audit_key=KEY)
    talk, line, tally = _Talk(), _Line(), Tally("w", "telegram:42", "polling", NOON)

    async def record(_transaction: Transaction, turns: Sequence[tuple[Inbound, Turn]]) -> None:
        if any(each.key == "unrecordable" and turn.outcome is not Outcome.POISON for each, turn in turns):
            raise LookupError("a fault")
        made.recorded += [(each.key, turn.outcome) for each, turn in turns]

    def committed() -> None:
        made.commits += 1

    pipeline = Pipeline(
        talk, record, store, line, SystemClock(), tally, committed=committed, most_waiting=most_waiting
    )
    made = _World(pipeline, talk, line, tally)
    pipeline.start()
    try:
        yield made
    finally:
        await pipeline.stop(0.2)
        await store.close()


async def test_one_persons_things_come_one_after_the_other(tmp_path: Path) -> None:
    async with world(tmp_path) as made:
        made.talk.held["1"] = asyncio.Event()
        first, second = made.pipeline.submit(inbound("1")), made.pipeline.submit(inbound("2"))
        other = made.pipeline.submit(inbound("3", "5002"))
        await other
        assert made.talk.order == ["begin 1", "begin 3", "end 3"]
        made.talk.held["1"].set()
        await asyncio.gather(first, second)
        assert made.talk.order[3:] == ["end 1", "begin 2", "end 2"]
        assert made.commits == 3


async def test_a_press_is_acknowledged_before_its_turn_comes(tmp_path: Path) -> None:
    async with world(tmp_path) as made:
        made.talk.held["1"] = asyncio.Event()
        made.pipeline.submit(inbound("1"))
        made.pipeline.submit(inbound("2", content=Press("v1:x", "query 7")))
        await asyncio.sleep(0.01)
        assert made.line.acknowledged == ["query 7"]
        assert made.talk.order == ["begin 1"]
        made.talk.held["1"].set()


async def test_an_answer_gives_way_to_what_is_being_acknowledged(tmp_path: Path) -> None:
    async with world(tmp_path) as made:
        with made.pipeline.right_of_way.ahead(), made.pipeline.right_of_way.ahead():
            future = made.pipeline.submit(inbound("1"))
            for _turn in range(20):
                await asyncio.sleep(0)
            assert made.talk.order == []
        await future
        assert made.talk.order == ["begin 1", "end 1"]


async def test_nothing_gives_way_for_good() -> None:
    right_of_way = RightOfWay()
    with right_of_way.ahead():
        await right_of_way.give_way(0.001)


async def test_a_fault_is_poison_and_the_next_goes_on(tmp_path: Path) -> None:
    async with world(tmp_path) as made:
        made.talk.broken.add("1")
        await asyncio.gather(*(made.pipeline.submit(inbound(each)) for each in ("1", "unrecordable", "3")))
        assert dict(made.recorded) == {
            "1": Outcome.POISON,
            "unrecordable": Outcome.POISON,
            "3": Outcome.ANSWERED,
        }
        assert (made.tally.errors, made.tally.answered) == (2, 1)
        assert made.tally.last_error == "LookupError"


async def test_a_full_pipeline_says_so_and_makes_room_again(tmp_path: Path) -> None:
    async with world(tmp_path, most_waiting=2) as made:
        made.talk.held["1"] = asyncio.Event()
        futures = [made.pipeline.submit(inbound("1")), made.pipeline.submit(inbound("2"))]
        assert made.pipeline.full
        made.talk.held["1"].set()
        await made.pipeline.room()
        assert not made.pipeline.full
        await asyncio.gather(*futures)


async def test_what_does_not_end_is_left_when_the_relay_stops(tmp_path: Path) -> None:
    async with world(tmp_path) as made:
        made.talk.held["1"] = asyncio.Event()
        future = made.pipeline.submit(inbound("1"))
        assert not await made.pipeline.stop(0.05)
        assert future.cancelled()
        assert made.recorded == []
