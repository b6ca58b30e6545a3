"""How a process is told to end, and that it does (reliability.md R31).

SIGTERM or ctrl+c asks it to end in good order. Whatever keeps it from that, a database that hangs or a fault
of ours, it is gone after `END_WITHIN` seconds, or at once when told a second time: what is durable by then is
all that counts, and leases lapse, as they do where a process is killed (R13).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import Generator

__all__ = ["END_WITHIN", "told_to_end"]

END_WITHIN = 10.0
_DID_NOT_END = 1

log = logging.getLogger("opsdeck.relay")


@contextlib.contextmanager
def told_to_end(within: float = END_WITHIN) -> Generator[asyncio.Event]:
    """An event that SIGTERM and SIGINT set, where this thread may listen to them.

    The block has `within` seconds from then on to come to its end.
    """
    ending, loop, heard = asyncio.Event(), asyncio.get_running_loop(), list[signal.Signals]()
    last: list[asyncio.TimerHandle] = []

    def told() -> None:
        if ending.is_set():
            _end_at_once()
        ending.set()
        last.append(loop.call_later(within, _end_at_once))

    for each in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(each, told)
            heard.append(each)
    try:
        yield ending
    finally:
        for each in heard:
            loop.remove_signal_handler(each)
        for timer in last:
            timer.cancel()


def _end_at_once() -> None:
    """End this process without waiting for anything; the log says what it would have waited for."""
    waiting = sorted(f"{task.get_name()} in {_place(task)}" for task in asyncio.all_tasks())
    log.error("ended without waiting any longer for: %s", "; ".join(waiting))
    logging.shutdown()
    os._exit(_DID_NOT_END)


def _place(task: asyncio.Task[object]) -> str:
    """Where a task waits: the innermost function that is known of it."""
    frames = task.get_stack()
    return f"{frames[-1].f_code.co_qualname}:{frames[-1].f_lineno}" if frames else "nothing"
