"""Alerting and delivery under random use (reliability.md 4.6): the real code over SQLite, and a provider.

After every step the promises R3, R4, R6, R7, R8, R9 and R12 hold; in the end the provider works again, and
what had to arrive has arrived (R1) and the audit log is whole.
"""

from __future__ import annotations

import asyncio
import random
import re
import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Coroutine
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import select

from core.engine.identity import Identity
from core.moment import FrozenClock
from core.notify.alerting.alert import Alert, AlertState
from core.notify.alerting.by_hand import acknowledge, mute
from core.notify.alerting.clock import AlertClock
from core.notify.alerting.notice_rows import told_notices
from core.notify.alerting.silence_rows import end_silence, read_silences
from core.notify.delivery.rows import OutboxState, rows
from core.notify.delivery.sender import Sender
from core.notify.delivery.tables import OUTBOX
from core.notify.next_channel import take_next_channel
from core.notify.notice import NoticeClass
from core.notify.people.person import Address, Person
from core.notify.people.quiet_hours import read_quiet
from core.notify.people.rows import save_person
from core.principal import ENGINE, Group
from core.store.audit import AuditEntry, verify
from core.store.store import Store
from core.units import Severity
from tests.notify.alerted import NOON, Alerted, happened, rule_book
from tests.reliability.alerting.inline import inline_database
from tests.reliability.alerting.provider import MODES, WAIT, Killed, Provider
from tests.reliability.delivery.kit import ManualPulse

__all__ = ["DeliveryMachine"]

T = TypeVar("T")
KEY = b"a fake audit key for tests only!"
ZONE = ZoneInfo("Europe/Helsinki")
SITES = ("site:a", "site:b")
_LOOKS = 2
_ALERT_KEY = re.compile(r"alert:(\d+):(\d+)")

RULES = """
[[rule]]
name = "site.down"
about = "A site is not well"
events = ["site.down"]
ended_by = ["site.up"]
to = ["on call"]
repeat = "1h"
acknowledged_for = "30m"
escalate = [{ after = "15m", to = ["supervisors"] }]

[[rule]]
name = "pod.down"
about = "A pod is down"
events = ["pod.down"]
ended_by = ["pod.up"]
group = "pod:{subject}"
parents = [{ rule = "site.down" }]
to = ["on call"]

[[rule]]
name = "video"
about = "A video is finished"
events = ["video.done"]
class = "info"
to = ["on call"]
"""


PEOPLE = (
    Person("ann", frozenset({Group.ON_CALL}), (Address("chat", "ann", 0), Address("email", "ann@x", 1))),
    Person(
        "ben",
        frozenset({Group.SUPERVISORS, Group.ON_CALL}),
        (Address("email", "ben@x"),),
        zone=ZONE,
        quiet=read_quiet("22:00-06:00", ZONE),
    ),
)


@cache
def _template() -> bytes:
    """A database with its schema and the people alone: making one takes longer than an example."""

    async def make(path: Path) -> None:
        store = await Store.open(f"sqlite:///{path}", clock=FrozenClock(NOON), audit_key=KEY)
        async with store.writing() as transaction:
            for person in PEOPLE:
                await save_person(transaction, person)
        await store.close()

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.db"
        asyncio.run(make(path))
        return path.read_bytes()


class DeliveryMachine(RuleBasedStateMachine):
    """Two sites, two people, two channels, and a sender that may die at any message."""

    def __init__(self) -> None:
        super().__init__()
        memory = Path("/dev/shm")
        self.folder = Path(tempfile.mkdtemp(dir=memory if memory.is_dir() else None))
        (self.folder / "opsdeck.db").write_bytes(_template())
        (self.folder / "opsdeck.db").chmod(0o600)
        self.runner = asyncio.Runner()
        self.clock = FrozenClock(NOON)
        self.random = random.Random(1)
        self.chat, self.email = Provider("chat", self.clock), Provider("email", self.clock)
        self.processes = 0
        self.silenced: dict[tuple[int, int], float] = {}
        self.rules = rule_book(RULES)
        self.run(self._open())

    def run(self, what: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(what)

    async def _open(self) -> None:
        path = self.folder / "opsdeck.db"
        database = inline_database()
        database.path = path
        self.plain = Store(database.engine, clock=self.clock, audit_key=KEY, place=str(path), path=path)
        self.alerted = Alerted.on(self.plain, self.clock, self.rules)
        self.turn = AlertClock(self.alerted.store, self.rules)
        self.senders = [self._sender()]

    def _sender(self) -> Sender:
        self.processes += 1
        return Sender(
            self.alerted.store,
            [self.chat, self.email],
            self.clock,
            jitter=self.random,
            identity=Identity("test", "here", self.processes, "here", str(self.processes), "boot"),
            dead=lambda holder, _own: all(holder.pid != each for each in self._living()),
            undeliverable=take_next_channel,
            pulse=ManualPulse(),
        )

    def _living(self) -> list[int]:
        return list(range(self.processes - len(self.senders) + 1, self.processes + 1))

    # What happens to the sites, and what people do.

    @rule(site=st.sampled_from(SITES), severity=st.sampled_from((Severity.WARNING, Severity.CRITICAL)))
    def raised_or_worse(self, site: str, severity: Severity) -> None:
        self.run(self._happen("site.down", site, severity))

    @rule(site=st.sampled_from(SITES))
    def over(self, site: str) -> None:
        self.run(self._happen("site.up", site, Severity.GOOD))

    @rule(site=st.sampled_from(SITES), down=st.booleans())
    def child(self, site: str, down: bool) -> None:
        self.run(self._happen("pod.down" if down else "pod.up", site, Severity.WARNING))

    @rule()
    def news(self) -> None:
        self.run(self._happen("video.done", "video:1", Severity.NOTICE))

    @rule(site=st.sampled_from(SITES))
    def rolled_back(self, site: str) -> None:
        async def fail() -> None:
            async with self.alerted.store.writing() as transaction:
                await transaction.emit(happened("site.down", site, self.clock.now()))
                await transaction.audit(AuditEntry.of(ENGINE, "test"))
                raise ZeroDivisionError

        before = self.run(self._count())
        try:
            self.run(fail())
        except ZeroDivisionError:
            assert self.run(self._count()) == before

    @rule(index=st.integers(0, 3))
    def seen_to(self, index: int) -> None:
        self.run(self._acknowledge(index))

    @rule(index=st.integers(0, 3), minutes=st.integers(1, 90))
    def muted(self, index: int, minutes: int) -> None:
        async def do() -> None:
            alerts = await self.alerted.open()
            if alerts:
                until = self.clock.now() + timedelta(minutes=minutes)
                async with self.alerted.store.writing() as transaction:
                    number = alerts[index % len(alerts)].id
                    await mute(transaction, self.rules, number, who="ann", reason="x", until=until)

        self.run(do())

    @rule()
    def unmuted(self) -> None:
        async def do() -> None:
            now = self.clock.now()
            async with self.alerted.store.writing() as transaction:
                for silence in await read_silences(transaction.connection, transaction.recorded_at):
                    if silence.holds(now):
                        await end_silence(transaction, silence.id, now)

        self.run(do())

    # What time and the provider do.

    @rule(minutes=st.sampled_from((0.25, 1, 5, 16, 31, 61)))
    def time_passes(self, minutes: float) -> None:
        self.run(self._pass(minutes * 60))

    @rule()
    def night_falls(self) -> None:
        self.run(self._pass(9 * 3_600))

    @rule(seconds=st.sampled_from((-3_600, 3_600, 86_400, -86_400)))
    def the_clock_is_set(self, seconds: int) -> None:
        self.run(self.turn.run())
        self.clock.step(seconds)
        # A process that takes over from a dead one knows its starts by the wall clock alone: none may die in
        # the very seconds that a budget looks back at.
        self.clock.advance(30)
        self.run(self.turn.run())

    @rule(chat=st.sampled_from(MODES), email=st.sampled_from(MODES))
    def the_provider_changes(self, chat: str, email: str) -> None:
        async def turn() -> None:
            self.chat.turn_to(chat)
            self.email.turn_to(email)
            await self._until_they_end([task for sender in self.senders for task in _under_way(sender)])

        self.run(turn())

    @rule(gone=st.booleans())
    def a_recipient_is_lost(self, gone: bool) -> None:
        if gone:
            self.chat.gone.add("ann")
        elif "ann" not in self.chat.gone:
            self.chat.moved["ann"] = "ann2"

    @precondition(lambda self: len(self.senders) == 1)
    @rule()
    def a_second_sender(self) -> None:
        self.senders.append(self._sender())

    @rule()
    def a_restart(self) -> None:
        async def do() -> None:
            await self._close()
            await self._open()

        self.run(do())

    @rule()
    def it_sends(self) -> None:
        self.run(self._send())

    # The promises.

    @invariant()
    def r3_repeats_only_when_uncertain_and_marked(self) -> None:
        for provider in (self.chat, self.email):
            taken: dict[str, list[bool]] = defaultdict(list)
            marked: Counter[str] = Counter()
            for each in provider.arrivals:
                taken[each.message.key].append(each.known)
                marked[each.message.key] += each.message.possible_repeat
            for key, known in taken.items():
                assert len(known) <= 1 + known.count(False), f"{key} came {len(known)} times"
                assert marked[key] >= len(known) - 1, f"{key} was repeated unmarked"

    @invariant()
    def r6_too_many_requests_is_obeyed(self) -> None:
        for provider in (self.chat, self.email):
            for address, at in provider.waits:
                early = [t for to, t in provider.calls if to == address and at < t < at + WAIT]
                assert not early, f"{address} was called {early[0] - at} s after it asked for {WAIT}"

    @invariant()
    def r7_budgets_are_kept(self) -> None:
        for provider in (self.chat, self.email):
            by_address: dict[str, list[float]] = defaultdict(list)
            for address, at in provider.calls:
                by_address[address].append(at)
            for times in by_address.values():
                limit = provider.limit("")
                for first, last in zip(times, times[limit.count :], strict=False):
                    assert last - first >= limit.seconds, "more came than the budget allows"

    @invariant()
    def r8_notices_of_an_alert_come_in_their_order(self) -> None:
        for provider in (self.chat, self.email):
            newest: dict[tuple[str, str], int] = {}
            for each in provider.arrivals:
                if each.message.possible_repeat:
                    continue
                told: dict[tuple[str, str], list[int]] = defaultdict(list)
                for key in each.message.covers:
                    if found := _ALERT_KEY.fullmatch(key):
                        told[each.message.recipient.person, found[1]].append(int(found[2]))
                for lane, numbers in told.items():
                    assert min(numbers) >= newest.get(lane, 0), f"alert {lane[1]}: {numbers} came late"
                    newest[lane] = max(numbers)

    @invariant()
    def r9_nothing_is_paged_about_what_somebody_sees_to(self) -> None:
        for provider in (self.chat, self.email):
            for each in provider.arrivals:
                for key in each.message.covers:
                    if found := _ALERT_KEY.fullmatch(key):
                        stopped = self.silenced.get((int(found[1]), int(found[2])))
                        assert stopped is None or each.monotonic <= stopped, (
                            f"{key} came after it was stopped"
                        )

    @invariant()
    def r12_quiet_hours_hold_all_but_critical_notices(self) -> None:
        quiet = read_quiet("22:00-06:00", ZONE)
        assert quiet is not None
        for each in self.email.arrivals:
            calm = each.message.cls in (NoticeClass.NORMAL, NoticeClass.INFO)
            if each.message.recipient.person == "ben" and calm:
                assert quiet.until(each.started) is None, "a quiet hour was broken"

    def teardown(self) -> None:
        """The provider works again: what had to arrive arrives, and the audit log is whole."""
        try:
            self.the_providers_work()
            for _quarter in range(2):
                self.run(self._pass(1_800))
            self.run(self._nothing_is_lost())
        finally:
            self.run(self._close())
            self.runner.close()
            shutil.rmtree(self.folder)

    async def _nothing_is_lost(self) -> None:
        async with self.plain.reading() as connection:
            known = await rows(connection, limit=10_000)
            notices = await told_notices(connection, self.plain.present(), limit=10_000)
            report = await verify(connection, KEY)
        assert report.good, "the audit log was changed"
        arrived = {key for each in (*self.chat.arrivals, *self.email.arrivals) for key in each.message.covers}
        for row in known:
            if row.cls is NoticeClass.CRITICAL and row.state not in (
                OutboxState.WITHDRAWN,
                OutboxState.EXPIRED,
            ):
                lost = row.recipient.channel != "console" and row.notice not in arrived
                assert not lost or row.recipient.address in self.chat.gone, f"{row.notice} never arrived"
        places = [(row.notice, row.recipient.person, row.recipient.channel) for row in known]
        assert len(places) == len(set(places)), "a notice has two rows for one person on one channel (R4)"
        keys = {row.notice for row in known}
        for notice in notices:
            assert notice.key in keys or not any(each.outcome.sends for each in notice.decisions)

    async def _happen(self, kind: str, subject: str, severity: Severity) -> None:
        async with self.alerted.store.writing() as transaction:
            await transaction.emit(happened(kind, subject, self.clock.now(), severity))
            await transaction.audit(AuditEntry.of(ENGINE, "test"))
        await self._send()

    async def _acknowledge(self, index: int) -> None:
        alerts = [each for each in await self.alerted.open() if each.state is not AlertState.UNKNOWN]
        if not alerts:
            return
        alert: Alert = alerts[index % len(alerts)]
        async with self.alerted.store.writing() as transaction:
            await acknowledge(transaction, self.rules, alert.id, "ann", self.clock.now())
        for sequence in range(1, alert.sequence + 1):
            self.silenced.setdefault((alert.id, sequence), self.clock.monotonic())
        self.clock.advance(1)
        await self._send()

    async def _pass(self, seconds: float) -> None:
        """Let time pass, looking at it a few times, as a busy machine would."""
        for _look in range(_LOOKS):
            self.clock.advance(seconds / _LOOKS)
            await self.turn.run()
            await self._send()

    async def _send(self) -> None:
        """One turn of every sender; one that dies is replaced."""
        for sender in list(self.senders):
            await sender.turn()
            ends = await self._until_they_end(_under_way(sender))
            if any(isinstance(end, Killed) for end in ends):
                await self._stop_senders()
                self.senders = [self._sender()]
                break

    async def _until_they_end(self, tasks: list[asyncio.Task[None]]) -> list[BaseException | None]:
        """Wait for messages on their way, but for those that a provider holds; what went wrong with them."""
        while [each for each in tasks if not each.done() and not self._is_held(each)]:
            await asyncio.sleep(0)
        return [None if each.cancelled() else each.exception() for each in tasks if each.done()]

    def _is_held(self, task: asyncio.Task[None]) -> bool:
        return task in self.chat.holding or task in self.email.holding

    def the_providers_work(self) -> None:
        self.chat.turn_to("works")
        self.email.turn_to("works")

    async def _stop_senders(self) -> None:
        """End what the senders still have running, so that none uses the store when it is closed."""
        self.the_providers_work()
        for sender in self.senders:
            await sender.stop()

    async def _close(self) -> None:
        await self._stop_senders()
        await self.plain.close()

    async def _count(self) -> int:
        async with self.plain.reading() as connection:
            return len(list((await connection.execute(select(OUTBOX.c.id))).scalars()))


def _under_way(sender: Sender) -> list[asyncio.Task[None]]:
    return [each.task for each in sender._under_way.values() if each.task is not None]
