"""S18 on the command line: `opsdeck audit verify` notices every change of the audit log, and a cut."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from console.exits import Exit

from .conftest import NOW, Desk, run


def tamper(desk: Desk, *statements: str) -> None:
    """Change the log as somebody would who may write to the file."""
    (database,) = Path(desk.home).rglob("opsdeck.db")
    with closing(sqlite3.connect(database)) as connection, connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)


def end_of_log() -> str:
    answer = run("audit", "verify")
    assert answer.code == Exit.DONE, answer.err
    assert "is whole" in answer.out
    found = re.search(r"\d+:[0-9a-f]{64}", answer.out)
    assert found is not None
    return found[0]


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE audit SET who = 'nobody' WHERE number = 1", "was changed"),
        ("DELETE FROM audit WHERE number = 1", "entry 1 is missing"),
        ("DELETE FROM audit WHERE number = (SELECT max(number) FROM audit)", "newest audit entries"),
    ],
)
def test_s18_a_change_of_the_log_shows(desk: Desk, statement: str, said: str) -> None:
    run("--now", NOW, "select", "Vector 7 d")
    run("--now", NOW, "select", "Vector A")
    end_of_log()
    tamper(desk, statement)
    answer = run("audit", "verify")
    assert answer.code == Exit.FAILED
    assert said in answer.out


def test_s18_an_end_noted_elsewhere_shows_that_an_old_copy_took_the_logs_place(desk: Desk) -> None:
    copy = run("--now", NOW, "db", "backup").out.strip()
    run("--now", NOW, "select", "Vector 7 d")
    noted = end_of_log()
    assert run("audit", "verify", noted).code == Exit.DONE
    run("db", "restore", copy, "--yes")
    answer = run("audit", "verify", noted)
    assert answer.code == Exit.FAILED
    assert "was noted before" in answer.out


def test_an_end_that_is_none_is_refused(desk: Desk) -> None:
    answer = run("audit", "verify", "yesterday")
    assert answer.code == Exit.USAGE
    assert "NUMBER:TAG" in answer.err
