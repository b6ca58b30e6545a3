"""Which states a machine may go to from each, and why (whatsapp.md A3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from core.areas.plant.model.machines import Machine, MachineState
from core.errors import InputError, RefusedError
from core.message import Message, _, listed, sense

__all__ = ["LEGAL", "NEEDS_REASON", "moved", "state_word"]

LEGAL: Mapping[MachineState, frozenset[MachineState]] = MappingProxyType(
    {
        MachineState.OPERATIONAL: frozenset(
            {MachineState.MAINTENANCE, MachineState.BROKEN, MachineState.INACTIVE}
        ),
        MachineState.MAINTENANCE: frozenset(
            {MachineState.OPERATIONAL, MachineState.BROKEN, MachineState.INACTIVE}
        ),
        MachineState.BROKEN: frozenset(
            {MachineState.OPERATIONAL, MachineState.MAINTENANCE, MachineState.INACTIVE}
        ),
        MachineState.INACTIVE: frozenset({MachineState.OPERATIONAL, MachineState.MAINTENANCE}),
    }
)
"""Where a machine may go from each state; one that is out of use can't break."""

NEEDS_REASON = frozenset({MachineState.BROKEN, MachineState.INACTIVE})
"""The states that nobody puts a machine into without saying why."""


def moved(machine: Machine, to: MachineState, at: datetime, by: str, reason: str = "") -> Machine:
    """The machine in another state.

    Raises:
        RefusedError: it is in that state already, or can't go there from its own.
        InputError: why is missing, and that state needs it.
    """
    words = {"machine": machine.number, "state": state_word(machine.state)}
    if to is machine.state:
        raise RefusedError(_("{machine} is {state} already.", **words))
    if to not in LEGAL[machine.state]:
        raise RefusedError(
            _(
                "{machine} is {state} and can’t become {wanted}; it can become {legal}.",
                wanted=state_word(to),
                legal=listed([state_word(each) for each in MachineState if each in LEGAL[machine.state]]),
                **words,
            )
        )
    if to in NEEDS_REASON and not reason:
        raise InputError(
            _(
                "{parameter}: say why {machine} is {wanted}.",
                parameter="reason",
                machine=machine.number,
                wanted=state_word(to),
            )
        )
    return replace(machine, state=to, since=at, by=by, reason=reason)


_WORDS = {
    MachineState.OPERATIONAL: sense("machine", "operational"),
    MachineState.MAINTENANCE: sense("machine", "in maintenance"),
    MachineState.BROKEN: sense("machine", "broken"),
    MachineState.INACTIVE: sense("machine", "out of use"),
}


def state_word(state: MachineState) -> Message:
    """A machine's state in words."""
    return _WORDS[state]
