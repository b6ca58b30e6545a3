"""A simulated plant backend (whatsapp.md A2 and A3): `PlantSimulator(clock)` and its ASGI `app`."""

from __future__ import annotations

from core.simulators.plant.simulator import PlantSimulator

__all__ = ["PlantSimulator"]
