"""The demo world: opsdeck on simulators, with history made quickly and a story that unfolds.

Everything is real but the far side: real HTTP on loopback, the real clients, a real store in a private
temporary folder that is gone afterwards. Each upstream is a part of it, in a module of its own.
"""

from __future__ import annotations

from core.demo.world import SCENARIOS, Demo

__all__ = ["SCENARIOS", "Demo"]
