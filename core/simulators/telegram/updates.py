"""The queue of what happened and the bot has not taken yet (telegram.md 2)."""

from __future__ import annotations

import heapq
import itertools
import json
from collections import OrderedDict, deque
from collections.abc import Iterable
from dataclasses import dataclass

from core.simulators.noise import chance
from core.simulators.simulated_time import SimulatedTime
from core.simulators.telegram.model import Json

__all__ = ["CALLBACK_LIVES", "UPDATE_LIVES", "Update", "UpdateQueue"]

UPDATE_LIVES = 24 * 3600.0
CALLBACK_LIVES = 150.0
"""Seconds for which an update waits to be taken."""

_WEEK = 7 * 24 * 3600.0
_REMEMBERED = 2_000
"""Updates that can still be delivered once more after they were taken."""

_LARGEST_ANSWER = 4 * 1024 * 1024
_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
"""Kinds that come only to a bot which asks for them by name."""


@dataclass(frozen=True, slots=True)
class Update:
    """One update as it goes over the line. `line` names the queue of a webhook that it is in."""

    id: int
    kind: str
    line: str
    body: bytes
    expires: float


class UpdateQueue:
    """Updates by rising numbers, until they are confirmed or too old. Guarded by the caller's lock.

    Pushing, confirming and taking cost the same however many wait.
    """

    def __init__(self, time: SimulatedTime, seed: int, first_id: int = 900_001) -> None:
        self._time = time
        self._seed = seed
        self._next = first_id
        self._newest = time.now().timestamp()
        self._waiting: OrderedDict[int, Update] = OrderedDict()
        self._expiring: list[tuple[float, int]] = []
        self._past: deque[Update] = deque(maxlen=_REMEMBERED)
        self._repeats: list[Update] = []
        self._allowed: frozenset[str] | None = None

    @property
    def allowed(self) -> list[str] | None:
        """The kinds that the bot asked for, None while it takes the usual ones."""
        return sorted(self._allowed) if self._allowed else None

    def allow(self, kinds: Iterable[str] | None) -> None:
        """Take only `kinds` from now on; none of them means the usual ones, None leaves it as it is."""
        if kinds is not None:
            self._allowed = frozenset(map(str, kinds)) or None

    def push(self, kind: str, content: object, line: str, lives: float = UPDATE_LIVES) -> Update | None:
        """Add an update with `content` under its `kind`; None when the bot doesn't want that kind."""
        wanted = kind not in _ON_REQUEST if self._allowed is None else kind in self._allowed
        return self.push_raw({kind: content}, kind, line, lives) if wanted else None

    def push_raw(self, fields: Json, kind: str, line: str, lives: float = UPDATE_LIVES) -> Update:
        """Add an update of any shape, whether the bot wants it or not."""
        now = self._time.now().timestamp()
        if now - self._newest > _WEEK:
            self._next += 1 + int(1_000_000 * chance(self._seed, "jump", self._next))
        self._newest = now
        body = json.dumps({"update_id": self._next} | fields, ensure_ascii=False).encode()
        update = Update(self._next, kind, line, body, now + lives)
        self._next += 1
        self._waiting[update.id] = update
        heapq.heappush(self._expiring, (update.expires, update.id))
        self._past.append(update)
        self._time.ring()
        return update

    def __len__(self) -> int:
        self._forget_old()
        return len(self._waiting)

    def __contains__(self, update_id: int) -> bool:
        self._forget_old()
        return update_id in self._waiting

    @property
    def ready(self) -> bool:
        """Whether there is something to take."""
        return bool(self._repeats) or len(self) > 0

    def confirm(self, below: int) -> None:
        """Forget every update whose number is below `below`."""
        while self._waiting and next(iter(self._waiting)) < below:
            self._waiting.popitem(last=False)

    def keep_last(self, count: int) -> None:
        """Forget all but the newest `count`."""
        while len(self._waiting) > count:
            self._waiting.popitem(last=False)

    def remove(self, update_id: int) -> None:
        """Forget one that was delivered."""
        self._waiting.pop(update_id, None)

    def repeat(self, update_id: int | None = None) -> Update:
        """Deliver once more, whatever was confirmed: that update, or the newest one.

        Raises:
            ValueError: there was none, or it is long ago.
        """
        found = next((each for each in reversed(self._past) if update_id in (None, each.id)), None)
        if found is None:
            raise ValueError("There is no such update to be delivered again.")
        self._repeats.append(found)
        self._time.ring()
        return found

    def take_repeats(self) -> list[Update]:
        """Those to be delivered once more; they are that no longer."""
        repeats, self._repeats = self._repeats, []
        return repeats

    def first(self, limit: int) -> list[Update]:
        """The oldest `limit` that wait, cut where an answer becomes too large."""
        self._forget_old()
        found: list[Update] = []
        size = 0
        for update in self.take_repeats() + list(itertools.islice(self._waiting.values(), limit)):
            size += len(update.body)
            if found and size > _LARGEST_ANSWER:
                break
            found.append(update)
        return found

    def after(self, update_id: int) -> list[Update]:
        """Those that wait with a number above `update_id`, oldest first."""
        newer = itertools.takewhile(lambda each: each.id > update_id, reversed(self._waiting.values()))
        return list(newer)[::-1]

    def _forget_old(self) -> None:
        now = self._time.now().timestamp()
        while self._expiring and self._expiring[0][0] <= now:
            self._waiting.pop(heapq.heappop(self._expiring)[1], None)
