"""WhatsApp under 1,000 concurrent conversations: webhook → durable acknowledgement, answers, loss, memory.

The relay is the real one, in a process of its own, with PostgreSQL, Redis and the demo's plant; what people
write is signed by the simulator's code. Each of 1,000 phones has a conversation (`bench.crowd`): asks for an
order and reports a defect, in eleven messages. Acknowledged means that PostgreSQL has the message on its
disk; answered, that it has the answer in the outbox. The sender works as well, on four messages at once
(reliability.md R26). What it doesn't come to within a minute expires there, as answers do: it is counted.

One person has had a whole conversation before anything is measured, and has been sent all of it, so that what
a first answer loads is loaded.

- *All at once*: everybody writes in the same moment, over 40 connections, as many as a platform opens; the
  next message when all are answered; six times. A Starlette route that checks a signature and does nothing
  else gets the same bodies from the same client over as many connections, three times after each burst. An
  acknowledgement is timed from when its connection was free.
- *By chance*: everybody writes the next message independently of each other (Poisson), half as many a second
  as were answered until then, whether what came before is acknowledged or not. One that finds no connection
  free waits, which counts; with the bare route, too.
- *Without a pause*: everybody goes on to the conversation's end, all at once at first, then each once the
  last message is answered. That is the most that the relay can do, and how acknowledgements fare while it has
  no time left.

Client, relay and databases share the machine's processors. The client is a bare protocol whose requests are
made beforehand, so that it costs little beside what is measured.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from collections.abc import Sequence

from bench.crowd import Crowd, to_bare
from bench.figure import Figure, percentile
from bench.plant_line import PlantLine, durable
from bench.posting import Posting
from bench.testbed import Testbed
from core.relay.service import lasting_memory, relay_runner

__all__ = ["run"]

_PHONES = 1_000
_CONNECTIONS = 40
_BURSTS = 6
_NOT_COUNTED = 1
"""Bursts in which both warm up."""

_FLOORS = 3
"""How often the bare route is posted to after each burst."""

_LEAST_SHARE = 0.4
_MOST_MS = 100.0
_MOST_TIMES = 1 / _LEAST_SHARE
_SHARE_OF_MOST = 0.5
_OF_BARE = 300
"""Requests that the bare route gets by chance: enough for its p99, which nothing disturbs."""

_SEED = 7


def run(testbed: Testbed) -> list[Figure]:
    """Acknowledgements, answers, loss and memory."""
    phones = [f"1555{number:07}" for number in range(200_000, 200_000 + _PHONES)]
    with PlantLine(testbed.folder / "whatsapp", phones) as line, relay_runner() as runner, lasting_memory():
        runner.run(line.fill())
        line.start()
        return runner.run(_measure(line))


async def _measure(line: PlantLine) -> list[Figure]:
    async with await line.open_deck() as deck:
        if not await durable(deck):
            raise RuntimeError("this PostgreSQL does not wait for its disk")
        ours, bare = [await Posting.open(each, _CONNECTIONS) for each in (line.port, line.counterpart_port)]
        crowd = Crowd(line, deck, ours)
        await crowd.one_conversation()
        began, already = time.perf_counter(), crowd.written
        figures = await _all_at_once(crowd, bare)
        rate = (crowd.written - already) / (time.perf_counter() - began)
        memory = line.relay_memory
        figures += await _as_people_write(crowd, bare, rate * _SHARE_OF_MOST)
        ours.seconds.clear()
        await ours.reopen()
        most = await crowd.without_a_pause()
        figures += _told("without a pause", ours.seconds)
        figures.append(Figure("messages answered in a second, 1,000 conversations at once", most, "/s"))
        growth = (line.relay_memory / memory - 1) * 100
        figures.append(Figure("memory of the relay after warming up", memory / 2**20, "MiB"))
        figures.append(Figure("its growth from then on", growth, "%", goal=10))
        figures.append(Figure(f"lost of {crowd.written:,} messages", await crowd.lost(), "", goal=0))
        figures.append(Figure("answers that could not be sent within a minute", await crowd.too_late(), ""))
        ours.close()
        bare.close()
        return figures


async def _all_at_once(crowd: Crowd, bare: Posting) -> list[Figure]:
    """The ratio is the median of those of the bursts: a machine that is busy for a while spoils one."""
    rounds: list[tuple[float, float]] = []
    for number in range(_BURSTS):
        if number == _NOT_COUNTED:
            rounds.clear()
            crowd.posting.seconds.clear()
            bare.seconds.clear()
        requests = crowd.next_of_everybody()
        to_floor = to_bare(requests)
        await crowd.posting.reopen()
        seconds = await crowd.burst(requests)
        await bare.reopen()
        floor = statistics.median([await bare.flood(to_floor) for _each in range(_FLOORS)])
        rounds.append((seconds / _PHONES * 1e6, floor / _PHONES * 1e6))
    return [
        Figure(
            "one webhook → acknowledged durably, against bare Starlette",
            statistics.median(seconds for seconds, _floor in rounds),
            "µs",
            statistics.median(floor for _seconds, floor in rounds),
            statistics.median(seconds / floor for seconds, floor in rounds),
            _MOST_TIMES,
        ),
        *_told("all at once", crowd.posting.seconds, bare.seconds),
    ]


async def _as_people_write(crowd: Crowd, bare: Posting, rate: float) -> list[Figure]:
    for posting in (crowd.posting, bare):
        posting.seconds.clear()
        await posting.reopen()
    requests = crowd.next_of_everybody()
    await _by_chance(rate, requests, crowd.posting)
    await crowd.see(len(requests))
    await _by_chance(rate, to_bare(requests[:_OF_BARE]), bare)
    return _told(f"by chance, {rate:.0f} a second", crowd.posting.seconds, bare.seconds)


async def _by_chance(rate: float, requests: Sequence[bytes], posting: Posting) -> None:
    """Post so many a second on average, each independently of all others."""
    chance = random.Random(_SEED)
    due = time.perf_counter()
    for each in requests:
        due += chance.expovariate(rate)
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        posting.post(each)
    await posting.quiet()


def _told(how: str, ours: Sequence[float], bare: Sequence[float] = ()) -> list[Figure]:
    """p50 and p99 of acknowledgements, beside those of the bare route."""
    return [
        Figure(
            f"p{percent} of an acknowledgement, {how}",
            percentile(ours, percent / 100) * 1e3,
            "ms",
            floor=percentile(bare, percent / 100) * 1e3 if bare else None,
            goal=_MOST_MS if percent == 99 else None,
        )
        for percent in (50, 99)
    ]
