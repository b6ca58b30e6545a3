"""Keeping a fault of ours in the part of a collection where it happened."""

from __future__ import annotations

import logging
from collections.abc import Generator
from contextlib import contextmanager

from core.errors import BadAnswerError, OpsdeckError
from core.message import _

__all__ = ["faults_contained"]

_log = logging.getLogger("opsdeck.engine")


@contextmanager
def faults_contained(subject: str) -> Generator[None]:
    """Make a fault of ours that part's failure: the others must not wait for its repair.

    The log has the fault itself, under the name `subject`, which must be safe to be written there.

    Raises:
        BadAnswerError: there was a fault.
        OpsdeckError: as the body.
    """
    try:
        yield
    except OpsdeckError:
        raise
    except Exception as error:
        _log.exception("%s could not be written down", subject)
        raise BadAnswerError(_("opsdeck has a fault and could not write this down; see the log.")) from error
