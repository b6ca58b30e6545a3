"""Starting and stopping a relay: one on this machine, named when another is asked for."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from core.areas.relay.model import Worker
from core.areas.relay.pages.logs import last_lines
from core.areas.relay.processes import MachineProcesses, identity_in
from core.areas.relay.settings import RelaySettings
from core.areas.relay.store.workers import poll_lease, read_workers
from core.areas.relay.writes.running import apply_start, apply_stop, prepare_start, prepare_stop
from core.engine.identity import Identity
from core.engine.lease import Lease
from core.errors import InputError, RefusedError
from core.folders import Folders
from core.notify.delivery.claims import holder_text
from core.notify.telegram_settings import TelegramSettings
from core.settings import SettingsBook

from .world import BOT, LINE, World, opened, process, worker

HERE, ELSEWHERE = process(4711), process(99, "pier")


@dataclass
class FakeProcesses:
    """A machine on which processes start and end when the test says so."""

    world: World
    running: set[int] = field(default_factory=set[int])
    remembered: Identity | None = None
    reports: bool = True
    dies: bool = False
    obeys: bool = True
    asked: list[int] = field(default_factory=list[int])

    def background(self) -> Identity | None:
        return self.remembered

    def start(self) -> Identity:
        if not self.dies:
            self.running.add(HERE.pid)
        return HERE

    def is_of_here(self, identity: Identity) -> bool:
        return identity.host == HERE.host

    def runs_here(self, identity: Identity) -> bool:
        return self.is_of_here(identity) and identity.pid in self.running

    def terminate(self, identity: Identity) -> None:
        self.asked.append(identity.pid)
        if self.obeys:
            self.running.discard(identity.pid)


async def start(world: World, processes: FakeProcesses) -> str:
    started = await prepare_start(world.request(), processes)
    async with world.deck.services.store.writing() as transaction:
        return world.text((await apply_start(started, transaction)).page)


async def stop(world: World, processes: FakeProcesses) -> str:
    stopped = await prepare_stop(world.request(), processes)
    async with world.deck.services.store.writing() as transaction:
        return world.text((await apply_stop(stopped, transaction)).page)


async def workers(world: World) -> list[Worker]:
    async with world.deck.services.store.reading() as connection:
        return await read_workers(connection)


async def test_start_needs_a_bot(tmp_path: Path) -> None:
    async with opened(tmp_path, {}) as world:
        with pytest.raises(InputError, match="@BotFather"):
            await start(world, FakeProcesses(world))


async def test_start_says_for_which_bot_the_relay_speaks(world: World) -> None:
    processes = FakeProcesses(world)
    await world.report(worker(seen_at=world.clock.now()))
    processes.running.clear()
    text = await start(world, processes)
    assert "process 4711 on harbour" in text
    assert "@ops_demo_bot" in text


async def test_start_forgets_relays_that_ended_without_a_word(world: World) -> None:
    await world.report(worker(worker=holder_text(replace(HERE, pid=1, process_start="1"))))
    world.clock.advance(60)
    text = await start(world, FakeProcesses(world))
    assert "hasn’t reported yet" in text
    assert await workers(world) == []


async def test_a_second_relay_is_refused_and_the_first_one_named(world: World) -> None:
    with pytest.raises(RefusedError, match="process 4711 on harbour"):
        await start(world, FakeProcesses(world, remembered=HERE))


async def test_r15_a_poller_on_another_machine_is_refused_and_named(world: World) -> None:
    await world.report(worker(worker=holder_text(ELSEWHERE)))
    with pytest.raises(RefusedError, match="process 99 on pier"):
        await start(world, FakeProcesses(world))


async def test_r15_who_holds_the_line_is_found_though_it_says_nothing(world: World) -> None:
    await world.report(worker(worker=holder_text(process(5)), mode="polling"))
    world.clock.advance(60)
    lease = Lease(world.deck.services.store, poll_lease(LINE), ELSEWHERE, clock=world.clock)
    assert await lease.acquire()
    with pytest.raises(RefusedError, match="process 99 on pier"):
        await start(world, FakeProcesses(world))


async def test_by_webhook_any_number_may_run(tmp_path: Path) -> None:
    async with opened(tmp_path, {**BOT, "TELEGRAM_WEBHOOK_URL": "https://ops.example/hook"}) as world:
        await world.report(worker(worker=holder_text(ELSEWHERE), mode="webhook"))
        assert "started" in await start(world, FakeProcesses(world))


async def test_start_says_why_a_relay_ended_at_once(world: World) -> None:
    log = world.deck.services.settings.folders.relay_log
    log.write_text('{"time": "t", "level": "ERROR", "message": "Telegram does not accept the token."}\n')
    with pytest.raises(RefusedError, match="Telegram does not accept the token"):
        await start(world, FakeProcesses(world, dies=True))


async def test_stop_ends_the_relay_of_this_machine(world: World) -> None:
    await world.report(worker())
    processes = FakeProcesses(world, running={HERE.pid}, remembered=HERE)
    assert "The relay has ended" in await stop(world, processes)
    assert processes.asked == [HERE.pid]


async def test_stop_finds_one_in_the_foreground_too(world: World) -> None:
    await world.report(worker())
    processes = FakeProcesses(world, running={HERE.pid})
    await stop(world, processes)
    assert processes.asked == [HERE.pid]


async def test_r31_stop_waits_ten_seconds_and_says_so(world: World) -> None:
    began = world.clock.monotonic()
    processes = FakeProcesses(world, running={HERE.pid}, remembered=HERE, obeys=False)
    with pytest.raises(RefusedError, match="didn’t end within ten seconds"):
        await stop(world, processes)
    assert 10 <= world.clock.monotonic() - began < 11


async def test_stop_leaves_other_machines_alone_and_names_them(world: World) -> None:
    await world.report(worker(worker=holder_text(ELSEWHERE)))
    processes = FakeProcesses(world)
    with pytest.raises(InputError, match="process 99 on pier"):
        await stop(world, processes)
    assert processes.asked == []


async def test_stop_without_a_relay_says_so_and_forgets_one_that_crashed(world: World) -> None:
    with pytest.raises(InputError, match="No relay runs"):
        await stop(world, FakeProcesses(world))
    await world.report(worker())
    world.clock.advance(60)
    assert "is forgotten" in await stop(world, FakeProcesses(world))
    assert await workers(world) == []


def test_a_started_process_outlives_us_is_remembered_and_ends_when_told(tmp_path: Path) -> None:
    folders = Folders.below(tmp_path)
    folders.make()
    script = "import signal, sys; print('begun', flush=True); signal.pause()"
    processes = MachineProcesses(
        folders, environment=dict(os.environ), place=tmp_path, command=(sys.executable, "-c", script)
    )
    assert processes.background() is None
    identity = processes.start()
    try:
        assert processes.background() == identity
        assert identity_in(folders.relay_process.read_text()) == identity
        assert os.getsid(identity.pid) == identity.pid, "a session of its own"
    finally:
        processes.terminate(identity)
    os.waitpid(identity.pid, 0)
    assert processes.background() is None
    processes.terminate(identity)
    assert folders.relay_log.stat().st_mode & 0o077 == 0


def test_a_process_file_that_is_damaged_names_nobody(tmp_path: Path) -> None:
    folders = Folders.below(tmp_path)
    folders.make()
    processes = MachineProcesses(folders, environment={}, place=tmp_path)
    for text in ("", "{", "[]", "[1,2]", "4711"):
        folders.relay_process.write_text(text)
        assert processes.background() is None


def test_the_relay_finds_the_settings_of_who_started_it(tmp_path: Path) -> None:
    book = SettingsBook(
        Folders.below(tmp_path),
        flags={"opsdeck_chat_at_once": "5"},
        environment={"TELEGRAM_BOT_TOKEN": BOT["TELEGRAM_BOT_TOKEN"]},
        dotenv=tmp_path / "project" / ".env",
    )
    ours = {"PATH": "/bin", "TELEGRAM_BOT_TOKEN": "1:of-somebody-else", "DATABASE_URL": "postgresql://real"}
    groups = (TelegramSettings, RelaySettings)
    handed = book.handed_on(groups, ours)
    assert handed == {
        "PATH": "/bin",
        "DATABASE_URL": "postgresql://real",  # its group isn't among those handed on
        "TELEGRAM_BOT_TOKEN": BOT["TELEGRAM_BOT_TOKEN"],
        "OPSDECK_CHAT_AT_ONCE": "5",
        "OPSDECK_HOME": str(tmp_path),
    }
    again = SettingsBook(Folders.default(handed), environment=handed, dotenv=tmp_path / "none")
    assert again.of(RelaySettings).at_once == 5
    assert again.folders.database == book.folders.database


def test_the_log_is_read_from_its_end_without_secrets(tmp_path: Path) -> None:
    log = tmp_path / "relay.log"
    lines = [json.dumps({"time": "t", "level": "INFO", "message": f"line {n}"}) for n in range(5_000)]
    lines += ["Traceback (most recent call last):", "bot42424242:AAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]
    log.write_text("\n".join(lines) + "\n")
    found = last_lines(log, 3)
    assert found[:2] == ["t INFO line 4999", "Traceback (most recent call last):"]
    assert "AAAAAAAA" not in found[2]
    assert last_lines(tmp_path / "none.log", 3) == []
