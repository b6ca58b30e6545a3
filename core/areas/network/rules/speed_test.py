"""Which speed test is the location's: the cloud keeps it in more than one place (plume.md 4.6)."""

from __future__ import annotations

from collections.abc import Sequence

from core.areas.network.model import Location, Node, SpeedTest

__all__ = ["choose_speed_test"]


def choose_speed_test(location: Location | None, nodes: Sequence[Node] | None) -> SpeedTest | None:
    """The location's own test, else the gateway's; the first that succeeded, else the first there is.

    `None` when neither carries one. A test that did not succeed has no usable figures, only its status.
    """
    own = None if location is None else location.speed_test
    candidates = [own, *(node.speed_test for node in nodes or () if node.gateway)]
    tests = [test for test in candidates if test is not None]
    return next((test for test in tests if test.succeeded), tests[0] if tests else None)
