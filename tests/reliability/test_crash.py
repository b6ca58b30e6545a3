"""A short form of the crash runner (reliability.md R1, R2, R3, R18); `make crash` is the long one."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.reliability.crash import Runner


@pytest.mark.slow
def test_r1_r2_r3_r18_killing_a_delivering_process_loses_nothing(tmp_path: Path) -> None:
    counts = Runner(tmp_path, random.Random(11)).run(12)

    assert counts.kept, f"{counts}\n{counts!r}"
    assert counts.kills == 12
    assert counts.committed > 12
    assert counts.rolled_back > 0
    assert counts.taken > 0
