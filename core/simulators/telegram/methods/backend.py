"""What the methods work on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from core.simulators.telegram.arguments import Arguments
from core.simulators.telegram.commands import CommandLists
from core.simulators.telegram.files import Files
from core.simulators.telegram.rates import Rates
from core.simulators.telegram.world import World

__all__ = ["Backend", "Method"]


@dataclass(frozen=True, slots=True)
class Backend:
    """The state of one bot's server. `answer_within` is how many seconds a press may be answered."""

    world: World
    files: Files
    rates: Rates
    commands: CommandLists
    answer_within: float


Method: TypeAlias = Callable[[Backend, Arguments], object]
"""One method: the result in JSON. It runs under the world's lock and raises ApiError."""
