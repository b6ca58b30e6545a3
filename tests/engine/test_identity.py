from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest

from core.engine.identity import Identity, known_dead, this_process

ASK = """
from core.engine.identity import this_process
who = this_process("other")
print(who.pid, who.process_start, flush=True)
input()
"""


@pytest.fixture
def child() -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", ASK], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    yield process
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        assert pipe is not None
        pipe.close()


def identity_of(child: subprocess.Popen[str]) -> Identity:
    assert child.stdout is not None
    pid, *start = child.stdout.readline().split()
    return replace(this_process("other"), pid=int(pid), process_start=start[0] if start else "")


def test_this_process_is_alive_and_named() -> None:
    here = this_process("console")
    assert (here.program, here.pid) == ("console", os.getpid())
    assert not known_dead(here, here)


def test_a_killed_process_is_known_dead_even_before_it_is_waited_for(child: subprocess.Popen[str]) -> None:
    other, here = identity_of(child), this_process("console")
    assert not known_dead(other, here)
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert known_dead(other, here)
    child.wait()
    assert known_dead(other, here)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only there does the system tell the start")
def test_a_later_process_of_the_same_number_is_not_taken_for_the_holder(child: subprocess.Popen[str]) -> None:
    other, here = identity_of(child), this_process("console")
    assert known_dead(replace(other, process_start="1"), here)
    assert known_dead(replace(here, process_start="1"), here)


def test_only_what_happened_on_this_host_is_known() -> None:
    here = Identity("console", "deck", 2**22 + 1, place="a", process_start="7", boot_id="b2")
    gone = replace(here, pid=2**22 + 2)
    assert known_dead(gone, here)
    assert not known_dead(replace(gone, host="other"), here)
    assert not known_dead(replace(gone, place="another container"), here)


def test_a_restart_of_the_host_ended_every_process() -> None:
    here = replace(this_process("console"), boot_id="b2")
    assert known_dead(replace(here, boot_id="b1"), here)
    assert not known_dead(replace(here, boot_id=""), here)
