"""The one path of every command, over a real store (architecture.md 4, reliability.md S4, S19)."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import select

from core.area import Connections, Outcome, Read, Request, Services, Verb, Write
from core.command import Choice, ChoiceType, Command, Effect, Invocation, Parameter
from core.dispatch import ConfirmationNeededError, Dispatcher
from core.errors import InputError, OpsdeckError, RefusedError, UnreachableError
from core.event import Event
from core.logs import JsonLines, start_log
from core.message import Message, _
from core.moment import FrozenClock
from core.page import Note, Page
from core.principal import Principal, Role
from core.query import TableQuery
from core.store.audit import RecordedEntry, entries
from core.store.events import recent
from core.store.store import Store, Transaction
from core.store.tables import AUDIT, EVENT, METADATA
from core.units import Severity, State

NOON = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
OPERATOR = Principal("amina", Role.OPERATOR, "telegram", "chat 17")
VIEWER = Principal("ben", Role.VIEWER, "console", "tty1")
CANARY = "CANARY-not-a-real-password"


def page_of(text: Message) -> Page:
    return Page("test", _("Test"), State(Severity.GOOD, _("DONE")), (Note("n", text),))


@dataclass
class World:
    """Commands that leave traces, on a store of their own."""

    store: Store
    clock: FrozenClock
    happened: list[str] = field(default_factory=list[str])
    failure: Exception | None = None
    fails_in: str = "apply"
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()
        none = cast("object", None)
        self.services = Services(
            store=self.store,
            clock=self.clock,
            settings=none,  # type: ignore[arg-type]
            vault=none,  # type: ignore[arg-type]
            politeness=none,  # type: ignore[arg-type]
            connections=Connections(),
            areas=(),
        )
        secret = Parameter("password", _("Password?"), secret=True)
        modes = ChoiceType((Choice("on", "on"), Choice("off", "off")))
        write = Write(self.apply, self.prepare)
        self.dispatcher = Dispatcher(
            self.services,
            (
                Verb(Command("show", _("Show")), Read(self.show)),
                Verb(Command("secrets", _("Show more"), role=Role.ADMIN), Read(self.show)),
                Verb(
                    Command(
                        "set",
                        _("Set"),
                        (Parameter("mode", _("Mode?"), modes, required=True),),
                        Role.OPERATOR,
                        Effect.WRITE,
                    ),
                    Write(self.apply),
                ),
                Verb(Command("login", _("Log in"), (secret,), Role.OPERATOR, Effect.WRITE), write),
                Verb(Command("wipe", _("Wipe"), (), Role.OPERATOR, Effect.DANGER), Write(self.apply)),
                Verb(Command("restart", _("Restart"), (), Role.OPERATOR, Effect.WRITE, remote=True), write),
            ),
        )

    async def show(self, request: Request) -> Page:
        self.happened.append(f"shown as of {request.moment:%d %H:%M} “{request.query.text}”")
        return page_of(_("as of {moment}", moment=request.moment))

    async def prepare(self, request: Request) -> object:
        async with self.store.writing():
            pass  # would raise inside a transaction, which may not be open yet
        self.happened.append("prepared")
        await self.gate.wait()
        if self.failure is not None and self.fails_in == "prepare":
            raise self.failure
        return "prepared"

    async def apply(self, request: Request, prepared: object, transaction: Transaction) -> Outcome:
        title = _("{who} did it", who=request.principal.name)
        await transaction.emit(Event("test.done", "test", "thing:1", Severity.NOTICE, title, request.now))
        if self.failure is not None and self.fails_in == "apply":
            raise self.failure
        self.happened.append(f"applied {prepared}")
        number = len(self.happened)
        return Outcome(
            page_of(_("time {n}", n=number)), "thing:1", {"mode": "off"}, {"mode": request.text("mode")}
        )

    async def run(
        self,
        command: str,
        principal: Principal = OPERATOR,
        *,
        at: datetime | None = None,
        confirmed: bool = False,
        key: str | None = None,
        **arguments: str,
    ) -> Page:
        return await self.dispatcher.run(
            Invocation(command, principal, arguments, at, TableQuery("yard"), confirmed, key)
        )

    async def refused(self, error: type[OpsdeckError], command: str, *rest: object, **more: object) -> str:
        """The sentence with which it is refused."""
        with pytest.raises(error) as caught:
            await self.run(command, *rest, **more)  # type: ignore[arg-type]
        assert type(caught.value) is error
        return str(caught.value)

    async def audited(self) -> Sequence[RecordedEntry]:
        """The audit log, oldest first."""
        async with self.store.reading() as connection:
            return (await entries(connection, at=self.store.present()))[::-1]

    async def results(self) -> list[tuple[str, str]]:
        return [(each.entry.action, each.entry.result) for each in await self.audited()]

    async def event_count(self) -> int:
        async with self.store.reading() as connection:
            return len(await recent(connection, at=self.store.present()))


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    clock = FrozenClock(NOON)
    store = await Store.open(f"sqlite:///{tmp_path / 'opsdeck.db'}", clock=clock, audit_key=b"not a real key")
    yield World(store, clock)
    await store.close()


async def test_an_unknown_command_is_refused_with_the_nearest_name(world: World) -> None:
    sentence = await world.refused(InputError, "shwo")
    assert sentence == "There is no command “shwo”; did you mean “show”?"
    assert await world.results() == []


async def test_a_read_shows_the_present_and_leaves_no_trace(world: World) -> None:
    page = await world.run("show", VIEWER)
    assert page.at is None
    assert world.happened == ["shown as of 01 12:00 “yard”"]
    assert await world.results() == []


async def test_a_read_of_the_past_says_so_on_its_page(world: World) -> None:
    page = await world.run("show", VIEWER, at=NOON - timedelta(hours=2))
    assert page.at == NOON - timedelta(hours=2)
    assert world.happened == ["shown as of 01 10:00 “yard”"]


async def test_the_future_can_not_be_read(world: World) -> None:
    sentence = await world.refused(InputError, "show", at=NOON + timedelta(seconds=1))
    assert sentence == "That moment lies in the future."
    assert world.happened == []
    await world.run("show", at=NOON)


async def test_a_clock_set_back_does_not_make_the_newest_record_the_future(world: World) -> None:
    world.clock.advance(60)
    await world.run("set", mode="on")
    world.clock.step(-3600)
    await world.run("show", at=NOON + timedelta(seconds=60))


@pytest.mark.parametrize(
    ("command", "principal", "reason"),
    [
        ("set", VIEWER, "“set” needs the role operator."),
        ("secrets", VIEWER, "“secrets” needs the role admin."),
        ("restart", VIEWER, "“restart” needs the role operator."),
        ("set", replace(OPERATOR, read_only=True), "“set” writes, and this session may only read."),
    ],
)
async def test_a_refusal_is_audited_once(
    world: World, command: str, principal: Principal, reason: str
) -> None:
    assert await world.refused(RefusedError, command, principal) == reason
    (row,) = await world.audited()
    entry = row.entry
    assert (entry.who, entry.role, entry.channel, entry.address) == (
        principal.name,
        principal.role.name.lower(),
        principal.channel,
        principal.address,
    )
    assert (entry.action, entry.result) == (command, f"refused: {reason}")
    assert row.recorded_at == NOON
    assert (world.happened, await world.event_count()) == ([], 0)


async def test_what_was_asked_for_is_kept_of_a_refusal_fit_to_be_stored(world: World) -> None:
    arguments = {"mode": "on\ud800\x00\x1b[2J" + "x" * 10_000, "undeclared": CANARY}
    await world.refused(RefusedError, "set", VIEWER, **arguments)
    (row,) = await world.audited()
    kept = cast("dict[str, str]", row.entry.after["arguments"])
    assert kept.keys() == {"mode"}
    assert kept["mode"].startswith("on\ufffd\ufffd\ufffd[2Jx")
    assert len(kept["mode"]) == 300


async def test_a_wrong_argument_changes_and_audits_nothing(world: World) -> None:
    assert await world.refused(InputError, "set", mode="up") == "mode: “up” isn't one of: on, off."
    assert await world.refused(InputError, "set") == "“set” needs “mode”."
    assert (world.happened, await world.results()) == ([], [])


async def test_a_write_records_its_state_event_and_audit_row_together(world: World) -> None:
    page = await world.run("set", mode="ON")
    assert page == page_of(_("time {n}", n=1))
    (row,) = await world.audited()
    entry = row.entry
    assert (entry.who, entry.role, entry.channel, entry.address) == (
        "amina",
        "operator",
        "telegram",
        "chat 17",
    )
    assert (entry.action, entry.target, entry.result) == ("set", "thing:1", "done")
    assert (entry.before, entry.after) == ({"mode": "off"}, {"mode": "on"})
    async with world.store.reading() as connection:
        event = (await connection.execute(select(EVENT.c.recorded_at))).scalar_one()
        audit = (await connection.execute(select(AUDIT.c.recorded_at))).scalar_one()
    assert event == audit


async def test_preparing_comes_first_and_outside_the_transaction(world: World) -> None:
    await world.run("login", password=CANARY)
    assert world.happened == ["prepared", "applied prepared"]


@pytest.mark.parametrize("failure", [UnreachableError(_("No answer.")), ZeroDivisionError("ours")])
async def test_an_error_after_the_event_leaves_nothing_but_its_audit_row(
    world: World, failure: Exception
) -> None:
    world.failure = failure
    with pytest.raises(type(failure)) as caught:
        await world.run("set", mode="on", key="k")
    assert caught.value is failure
    reason = "No answer." if isinstance(failure, OpsdeckError) else "ZeroDivisionError"
    assert await world.results() == [("set", f"failed: {reason}")]
    assert (await world.event_count(), world.happened) == (0, [])
    world.failure = None
    await world.run("set", mode="on", key="k")
    assert await world.event_count() == 1, "a write that failed may be tried again under its key"


async def test_a_danger_happens_only_when_confirmed(world: World) -> None:
    assert await world.refused(ConfirmationNeededError, "wipe") == "“wipe” must be confirmed."
    assert (world.happened, await world.results()) == ([], [])
    await world.run("wipe", confirmed=True)
    assert await world.results() == [("wipe", "done")]


async def test_confirming_gives_no_rights(world: World) -> None:
    await world.refused(RefusedError, "wipe", VIEWER, confirmed=True)
    assert world.happened == []


@pytest.mark.parametrize("command", ["login", "wipe", "restart"])
async def test_the_past_can_not_be_changed(world: World, command: str) -> None:
    sentence = await world.refused(InputError, command, at=NOON - timedelta(hours=1), confirmed=True)
    assert sentence == f"“{command}” can't be run in the past; return to live first."
    assert (world.happened, await world.results(), await world.event_count()) == ([], [], 0)


async def test_a_remote_write_leaves_its_intent_before_it_is_tried(world: World) -> None:
    world.gate.clear()
    running = asyncio.create_task(world.run("restart"))
    while not world.happened:
        await asyncio.sleep(0)
    assert await world.results() == [("restart", "intended")]
    world.gate.set()
    await running
    assert await world.results() == [("restart", "intended"), ("restart", "done")]


@pytest.mark.parametrize("place", ["prepare", "apply"])
async def test_a_remote_write_that_fails_says_so_after_its_intent(world: World, place: str) -> None:
    world.failure, world.fails_in = UnreachableError(_("No answer.")), place
    assert await world.refused(UnreachableError, "restart") == "No answer."
    assert await world.results() == [("restart", "intended"), ("restart", "failed: No answer.")]
    assert await world.event_count() == 0


async def test_a_remote_write_cut_short_keeps_its_intent(world: World) -> None:
    """Nobody knows whether it happened, and the log says just that."""
    world.gate.clear()
    running = asyncio.create_task(world.run("restart"))
    while not world.happened:
        await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert await world.results() == [("restart", "intended")]


async def test_every_command_that_changes_something_leaves_one_row_and_its_intent_if_remote(
    world: World,
) -> None:
    for verb in world.dispatcher.registry:
        before = len(await world.audited())
        if verb.effect is not Effect.READ:
            arguments = {"mode": "on"} if verb.parameter("mode") else {}
            await world.run(verb.name, confirmed=True, **arguments)
        expected = 0 if verb.effect is Effect.READ else 2 if verb.remote else 1
        assert len(await world.audited()) == before + expected, verb.name


async def test_a_write_with_a_key_happens_once_and_is_answered_with_the_same_page(world: World) -> None:
    first = await world.run("restart", key="update 7")
    again = await world.run("restart", key="update 7")
    assert again == first
    assert world.happened == ["prepared", "applied prepared"]
    assert await world.results() == [("restart", "intended"), ("restart", "done")]
    assert await world.event_count() == 1
    assert await world.run("restart", key="update 8") != first


async def test_a_repeat_that_comes_too_early_waits_for_the_first(world: World) -> None:
    world.gate.clear()
    both = [asyncio.create_task(world.run("restart", key="update 7")) for _number in range(2)]
    while not world.happened:
        await asyncio.sleep(0)
    for _turn in range(200):
        await asyncio.sleep(0)
    world.gate.set()
    first, second = await asyncio.gather(*both)
    assert first == second
    assert world.happened == ["prepared", "applied prepared"]


async def test_a_repeat_in_another_process_changes_nothing(world: World) -> None:
    """The other process looked for the key before we kept it, and finds it inside its transaction."""
    other = World(world.store, world.clock)
    other.gate.clear()
    late = asyncio.create_task(other.run("login", key="update 7"))
    while not other.happened:
        await asyncio.sleep(0)
    first = await world.run("login", key="update 7")
    other.gate.set()
    assert await late == first
    assert other.happened == ["prepared"]
    assert await world.results() == [("login", "done")]


async def test_a_key_belongs_to_one_person_and_one_command(world: World) -> None:
    mine = await world.run("set", mode="on", key="1")
    ours = [
        await world.run("set", replace(OPERATOR, name="chris"), mode="on", key="1"),
        await world.run("set", replace(OPERATOR, channel="whatsapp"), mode="on", key="1"),
        await world.run("login", key="1"),
    ]
    assert mine not in ours
    assert await world.event_count() == 4


async def test_rights_are_asked_for_again_when_a_write_is_repeated(world: World) -> None:
    await world.run("set", mode="on", key="1")
    await world.refused(RefusedError, "set", replace(OPERATOR, role=Role.VIEWER), mode="on", key="1")


@pytest.mark.parametrize("typed", [CANARY, f"  {CANARY} ", f"Basic {CANARY}"])
async def test_a_secret_argument_reaches_neither_database_nor_log(
    world: World, tmp_path: Path, typed: str
) -> None:
    handler = logging.FileHandler(tmp_path / "log")
    handler.setFormatter(JsonLines())
    log = logging.getLogger("opsdeck")
    level = log.level
    log.addHandler(handler)
    log.setLevel(logging.DEBUG)
    try:
        await world.run("login", password=typed)
        await world.refused(RefusedError, "login", VIEWER, password=typed)
        for world.fails_in in ("prepare", "apply"):
            world.failure = UnreachableError(_("The cloud refused {what}.", what=CANARY))
            world.failure.__cause__ = ValueError(f"sent {CANARY}")
            await world.refused(UnreachableError, "login", password=typed)
        world.failure = ValueError(CANARY)
        with pytest.raises(ValueError, match=CANARY):
            await world.run("login", password=typed)
    finally:
        log.removeHandler(handler)
        log.setLevel(level)
        handler.close()
    results = [result for _action, result in await world.results()]
    assert results[2:] == ["failed: The cloud refused [secret]."] * 2 + ["failed: ValueError"]
    assert CANARY not in json.dumps(await _every_row(world.store), default=str)
    logged = (tmp_path / "log").read_text()
    assert len(logged.splitlines()) == 4
    assert CANARY not in logged


async def test_what_looks_like_a_secret_is_not_audited_from_an_open_argument_or_an_error(
    world: World,
) -> None:
    token = "1234567890:CANARY-not-a-real-token-0000000000"
    await world.refused(RefusedError, "set", VIEWER, mode=token)
    world.failure = UnreachableError(_("No answer from {url}.", url=f"https://x.invalid/bot{token}/"))
    await world.refused(UnreachableError, "set", mode="on")
    assert "CANARY" not in json.dumps(await _every_row(world.store), default=str)


async def test_what_was_to_be_expected_is_logged_in_a_line_and_a_fault_with_its_traceback(
    world: World, tmp_path: Path
) -> None:
    log = start_log(tmp_path / "log", "INFO")
    try:
        await world.refused(RefusedError, "set", VIEWER, mode="on")
        world.failure = UnreachableError(_("No answer."))
        world.failure.__cause__ = ConnectionError("reset")
        await world.refused(UnreachableError, "set", mode="on")
        world.failure = ZeroDivisionError("ours")
        with pytest.raises(ZeroDivisionError):
            await world.run("set", mode="on")
    finally:
        logging.getLogger().removeHandler(log)
        log.close()
    refused, unreachable, fault = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    assert (refused["level"], "cause" in refused) == ("INFO", False)
    assert refused["message"].startswith("set refused: ")
    assert (unreachable["level"], unreachable["message"]) == ("INFO", "set failed: No answer.")
    assert "cause" not in unreachable
    assert (fault["level"], fault["message"]) == ("ERROR", "set failed: ZeroDivisionError")
    assert "Traceback" in fault["cause"]


async def test_debugging_a_failure_is_logged_with_its_cause(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.failure = UnreachableError(_("No answer."))
    with caplog.at_level(logging.DEBUG, "opsdeck.dispatch"):
        await world.refused(UnreachableError, "set", mode="on")
    (record,) = caplog.records
    assert record.exc_info
    assert record.exc_info[0] is UnreachableError


Does = Callable[[World], Read | Write]


@pytest.mark.parametrize(
    ("effect", "does"),
    [
        (Effect.READ, lambda world: Write(world.apply)),
        (Effect.WRITE, lambda world: Read(world.show)),
        (Effect.DANGER, lambda world: Read(world.show)),
    ],
)
async def test_a_command_can_not_do_something_else_than_it_declares(
    world: World, effect: Effect, does: Does
) -> None:
    """A write declared as a read would pass a session that may only read."""
    with pytest.raises(ValueError, match="'sly'"):
        Dispatcher(world.services, (Verb(Command("sly", _("Sly"), effect=effect), does(world)),))


async def _every_row(store: Store) -> list[object]:
    """Everything in every table of the store."""
    found: list[object] = []
    async with store.reading() as connection:
        for table in METADATA.sorted_tables:
            found += [tuple(row) for row in await connection.execute(select(table))]
    return found
