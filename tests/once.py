"""What takes long to make is made once a run, by whichever worker process wants it first."""

from __future__ import annotations

import fcntl
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

__all__ = ["made_once", "shared_folder"]

T = TypeVar("T")


def shared_folder(factory: pytest.TempPathFactory) -> Path:
    """The folder that all workers of this run have in common."""
    folder = factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[], T]) -> T:
    """What `make` makes, or what another worker of this run made with it under the same name.

    The others wait for it meanwhile. It must be something that can be pickled.
    """
    place = shared_folder(factory) / f"{name}.pickle"
    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if place.exists():
            kept: T = pickle.loads(place.read_bytes())
            return kept
        made = make()
        place.write_bytes(pickle.dumps(made))
        return made
