"""A fault of ours in one part of a collection: that part's failure, and in the log."""

from __future__ import annotations

import logging

import pytest

from core.engine.containment import faults_contained
from core.errors import BadAnswerError, UnreachableError
from core.message import _


def test_a_fault_becomes_the_failure_of_its_part_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    fault = KeyError("berth")

    with pytest.raises(BadAnswerError, match="see the log") as failed, faults_contained("the berths"):
        raise fault

    assert failed.value.__cause__ is fault
    (record,) = caplog.records
    assert (record.levelno, record.getMessage()) == (logging.ERROR, "the berths could not be written down")
    assert record.exc_info is not None


def test_what_is_no_fault_of_ours_stays_what_it_is(caplog: pytest.LogCaptureFixture) -> None:
    silence = UnreachableError(_("no answer"))

    with pytest.raises(UnreachableError) as failed, faults_contained("the berths"):
        raise silence

    assert failed.value is silence
    assert caplog.records == []
