"""`python -m bench`: measure, and print every figure beside its floor and its goal."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable
from dataclasses import asdict

from bench import console_start, idle, keys, relay, series, usage, whatsapp
from bench.figure import Figure, table
from bench.terminal import clean_up_when_terminated
from bench.testbed import Testbed

__all__ = ["BENCHMARKS", "main"]

BENCHMARKS: dict[str, Callable[[Testbed], list[Figure]]] = {
    "start": console_start.run,
    "keys": keys.run,
    "idle": idle.run,
    "series": series.run,
    "usage": usage.run,
    "relay": relay.run,
    "whatsapp": whatsapp.run,
}


def main() -> int:
    """Run the benchmarks that were named, or all; fails only if one couldn't be run."""
    parser = argparse.ArgumentParser(
        prog="python -m bench", description="Speed, as ratios to floors measured in the same run."
    )
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"which to run: {', '.join(BENCHMARKS)} (all of them)"
    )
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--large", action="store_true", help="also fill a large store; takes minutes")
    options = parser.parse_args()
    clean_up_when_terminated()
    unknown = [name for name in options.names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"there is no benchmark {', '.join(unknown)}")
    started = time.perf_counter()
    figures: list[Figure] = []
    with Testbed(large=options.large) as testbed:
        for name in options.names or BENCHMARKS:
            print(f"measuring {name} …", file=sys.stderr, flush=True)
            figures += BENCHMARKS[name](testbed)
    if options.json:
        print(
            json.dumps(
                [{**asdict(figure), "met": figure.met} for figure in figures], indent=1, ensure_ascii=False
            )
        )
    else:
        print(table(figures))
        load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
        machine = f"Python {platform.python_version()}, {os.cpu_count()} processors, load {load:.1f}"
        print(f"\n{machine}, {time.perf_counter() - started:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
