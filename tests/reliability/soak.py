"""`python -m tests.reliability.soak [EXAMPLES]`: the state machine of delivery, 20,000 times unless said.

Prints the steps that break a promise and ends with 1 where there are any; hypothesis keeps them for the
next run.
"""

from __future__ import annotations

import sys
import time

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.reliability.alerting.machine import DeliveryMachine

__all__ = ["main"]

_EXAMPLES = 20_000


def main(arguments: list[str]) -> int:
    """Run as many examples as asked for; 0 when every promise was kept."""
    examples = int(arguments[0]) if arguments else _EXAMPLES
    began = time.monotonic()
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        DeliveryMachine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    took = time.monotonic() - began
    sys.stdout.write(f"{examples} examples in {took:.0f} s: every promise was kept\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
