"""A relay in the very process that is asked to end it, as in the console of the demo."""

from __future__ import annotations

import pytest

from core.areas.relay.model import Worker
from core.areas.relay.processes import PROGRAM, MachineProcesses
from core.areas.relay.store.workers import read_workers
from core.areas.relay.writes.running import prepare_start, prepare_stop
from core.engine.identity import this_process
from core.errors import RefusedError
from core.notify.delivery.claims import holder_text

from .world import World, worker


class NothingEnds(MachineProcesses):
    """This machine, on which a process that is told to end would be the test's own."""

    def terminate(self, identity: object) -> None:
        raise AssertionError(f"{identity} was told to end")


@pytest.fixture
async def own(world: World) -> Worker:
    said = worker(worker=holder_text(this_process(PROGRAM)))
    await world.report(said)
    return said


async def test_it_isnt_ended_and_not_started_twice(world: World, own: Worker) -> None:
    processes = NothingEnds.of(world.deck.services.settings, ())
    for prepare in (prepare_stop, prepare_start):
        with pytest.raises(RefusedError, match="run “opsdeck --demo relay run”"):
            await prepare(world.request(), processes)
    async with world.deck.services.store.reading() as connection:
        assert await read_workers(connection) == [own]
