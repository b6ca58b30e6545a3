"""Run the console with the fake backend, to look at it: `python -m tests.console.play [THEME]`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from zoneinfo import ZoneInfo

from console.app import OpsdeckApp
from console.options import ConsoleOptions
from core.moment import ShiftedClock
from core.principal import Principal, Role

from .fake_backend import FakeBackend
from .pages import NOW


def main() -> None:
    theme = sys.argv[1] if len(sys.argv) > 1 else "dark"
    zone = ZoneInfo("Africa/Nairobi")
    clock = ShiftedClock(NOW)
    backend = FakeBackend(clock)
    backend.is_configured = theme != "welcome"
    options = ConsoleOptions(
        Path(tempfile.mkdtemp()), "dark" if theme == "welcome" else theme, demo=True, zone=zone
    )
    principal = Principal("you", Role.ADMIN, "console", zone=zone)
    OpsdeckApp(backend, clock=clock, principal=principal, options=options).run()


if __name__ == "__main__":
    main()
