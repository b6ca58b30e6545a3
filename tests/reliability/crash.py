"""The crash runner: kills a delivering process again and again, and counts what became of its notices.

`python -m tests.reliability.crash` kills 200 times and prints the counts; it ends with 1 when a promise
(reliability.md R1, R2, R3, R18) was broken.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from core.moment import SystemClock
from core.simulators.server import LoopbackServer
from core.simulators.webhook import Behaviour, WebhookReceiver

ROOT = Path(__file__).parents[2]
KILLS = 200
SECRET = "whsec_bm90LWEtcmVhbC1zZWNyZXQtYnV0LWxvbmctZW5vdWdo"
DRAIN_SECONDS = 240.0

FAULTS: tuple[Behaviour, ...] = (500, 502, "html", 409, (429, 1.0), "accept-then-drop", "drop")


@dataclass
class Counts:
    """What a run came to. Every list that is not empty breaks a promise."""

    kills: int = 0
    committed: int = 0
    rolled_back: int = 0
    requests: int = 0
    taken: int = 0
    repeats: int = 0
    uncertain: int = 0
    lost: list[str] = field(default_factory=list[str])
    told_though_rolled_back: list[str] = field(default_factory=list[str])
    unexplained_repeats: list[str] = field(default_factory=list[str])
    unmarked_repeats: list[str] = field(default_factory=list[str])
    damaged: list[str] = field(default_factory=list[str])

    @property
    def kept(self) -> bool:
        broken = (self.lost, self.told_though_rolled_back, self.unexplained_repeats, self.unmarked_repeats)
        return not any((*broken, self.damaged))

    def __str__(self) -> str:
        return "\n".join(
            (
                f"kills {self.kills}, integrity failures {len(self.damaged)}",
                f"committed {self.committed}, lost {len(self.lost)}",
                f"rolled back {self.rolled_back}, told all the same {len(self.told_though_rolled_back)}",
                f"requests {self.requests}, taken {self.taken}, uncertain tries {self.uncertain}",
                f"repeats {self.repeats}, unmarked {len(self.unmarked_repeats)},"
                f" unexplained {len(self.unexplained_repeats)}",
            )
        )


class Runner:
    """One database, one receiver with random faults, and the process that is killed."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.counts = Counts()
        self.database = folder / "opsdeck.db"
        self._chance = chance
        self._committed: dict[str, str] = {}
        self._rolled: set[str] = set()
        self._faulty = True
        self.receiver = WebhookReceiver(SystemClock(), self._answer)

    def run(self, kills: int) -> Counts:
        with LoopbackServer(self.receiver.app) as server:
            arguments = [f"sqlite:///{self.database}", f"{server.url}/ann", SECRET]
            command = [sys.executable, "-m", "tests.reliability.crash_child", *arguments]
            with subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, cwd=ROOT
            ) as child:
                for _kill in range(kills):
                    self._life(child, 0.05 + 0.6 * self._chance.random())
                    self.counts.kills += 1
                    self._check_integrity()
                self._faulty = False
                self._life(child, None)
                assert child.stdin is not None
                child.stdin.close()
        self._judge()
        return self.counts

    def _answer(self, _path: str) -> Behaviour:
        if self._faulty and self._chance.random() < 0.3:
            return self._chance.choice(FAULTS)
        return 200

    def _life(self, process: subprocess.Popen[str], seconds: float | None) -> None:
        """Let a child live: for `seconds` after its first commit, or until it has delivered everything."""
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("live\n" if seconds is not None else "drain\n")
        process.stdin.flush()
        pid, killer = 0, None
        for line in process.stdout:
            match line.split():
                case ["child", number]:
                    pid = int(number)
                    if seconds is None:
                        killer = self._kill_after(pid, DRAIN_SECONDS)
                case ["committed", key, cls]:
                    self._committed[key] = cls
                    if killer is None and seconds is not None:
                        killer = self._kill_after(pid, seconds)
                case ["rolled", key]:
                    self._rolled.add(key)
                case ["dead"]:
                    break
        if killer is not None:
            killer.cancel()

    def _kill_after(self, pid: int, seconds: float) -> threading.Timer:
        def kill() -> None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

        timer = threading.Timer(seconds, kill)
        timer.start()
        return timer

    def _check_integrity(self) -> None:
        with closing(sqlite3.connect(self.database, timeout=10)) as connection:
            (verdict,) = connection.execute("PRAGMA integrity_check").fetchone()
        if verdict != "ok":
            self.counts.damaged.append(str(verdict))

    def _judge(self) -> None:
        counts, taken = self.counts, self.receiver.taken
        told = {key for arrival in taken for key in arrival.data["covers"]}
        uncertain = self._uncertain_tries()
        arrived = Counter(arrival.number for arrival in taken)
        counts.committed, counts.rolled_back = len(self._committed), len(self._rolled)
        counts.requests, counts.taken = len(self.receiver.arrivals), len(taken)
        counts.uncertain = sum(uncertain.values())
        counts.lost = sorted(set(self._committed) - told - self._allowed_to_miss())
        counts.told_though_rolled_back = sorted(self._rolled & told)
        seen: set[str] = set()
        for arrival in taken:
            first = arrival.data["covers"][0]
            if arrival.number in seen:
                counts.repeats += 1
                if not arrival.data["possible_repeat"]:
                    counts.unmarked_repeats.append(first)
                if arrived[arrival.number] > 1 + uncertain[arrival.number]:
                    counts.unexplained_repeats.append(first)
            seen.add(arrival.number)

    def _uncertain_tries(self) -> Counter[str]:
        """How many tries of each message ended with nobody knowing, by the id that the receiver sees."""
        with closing(sqlite3.connect(self.database)) as connection:
            rows = connection.execute("SELECT dedup_key, uncertain FROM outbox").fetchall()
        return Counter({_number_of(key): count for key, count in rows})

    def _allowed_to_miss(self) -> set[str]:
        """Normal notices after two uncertain results, and what such a row carried along (R1)."""
        with closing(sqlite3.connect(self.database)) as connection:
            rows = connection.execute(
                "SELECT notice FROM outbox WHERE state = 'uncertain' OR folded_into IN"
                " (SELECT id FROM outbox WHERE state = 'uncertain')"
            ).fetchall()
        return {notice for (notice,) in rows}


def _number_of(key: str) -> str:
    return f"msg_{hashlib.sha256(key.encode()).hexdigest()[:32]}"


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="opsdeck-crash-") as folder:
        counts = Runner(Path(folder), random.Random()).run(KILLS)
    sys.stdout.write(f"{counts}\n")
    return 0 if counts.kept else 1


if __name__ == "__main__":
    sys.exit(main())
