"""Who may do what with tickets (operations.md 9). Everything that isn't allowed here is refused.

An agent is a person whom the settings name as one. Operators may read every ticket and answer none;
administrators may do everything; everybody may deal with tickets of their own.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Mapping
from types import MappingProxyType

from core.errors import RefusedError
from core.message import _
from core.principal import Principal, Role

__all__ = ["Act", "Part", "allows", "identity", "part_of", "require"]


class Part(enum.Enum):
    """What somebody is towards the tickets."""

    REQUESTER = "requester"
    READER = "reader"
    AGENT = "agent"
    ADMINISTRATOR = "administrator"


class Act(enum.Enum):
    """What can be done with them."""

    OWN = "own tickets, rating, FAQ"
    READ_ALL = "read all tickets"
    WORK = "reply, note, assign, decide, solve"
    EDIT_FAQ = "edit FAQ and canned answers"


_ALLOWED: Mapping[Act, frozenset[Part]] = MappingProxyType(
    {
        Act.OWN: frozenset(Part),
        Act.READ_ALL: frozenset({Part.READER, Part.AGENT, Part.ADMINISTRATOR}),
        Act.WORK: frozenset({Part.AGENT, Part.ADMINISTRATOR}),
        Act.EDIT_FAQ: frozenset({Part.AGENT, Part.ADMINISTRATOR}),
    }
)


def part_of(principal: Principal, agents: Collection[str], *, strict: bool = False) -> Part:
    """What the person is towards the tickets; `strict` leaves all but administrators to their own."""
    if principal.role is Role.ADMIN:
        return Part.ADMINISTRATOR
    if strict:
        return Part.REQUESTER
    if principal.role >= Role.VIEWER and principal.name in agents:
        return Part.AGENT
    return Part.READER if principal.role is Role.OPERATOR else Part.REQUESTER


def allows(part: Part, act: Act) -> bool:
    """Whether that part may do it."""
    return part in _ALLOWED[act]


def require(part: Part, act: Act) -> None:
    """Let the part pass or raise `RefusedError` saying whom it takes."""
    if allows(part, act):
        return
    if act is Act.READ_ALL:
        raise RefusedError(_("Only agents, operators and administrators see other people’s tickets."))
    raise RefusedError(
        _("Only agents and administrators may do this; TICKETS_AGENTS in the settings names the agents.")
    )


def identity(principal: Principal) -> str:
    """Whose a ticket is: the authenticated name, or where there is none the address on its channel.

    Raises:
        RefusedError: it can't be told who this is, so nothing can be theirs.
    """
    if principal.role >= Role.CUSTOMER and principal.name:
        return principal.name
    known = principal.address or principal.name
    if not known:
        raise RefusedError(
            _("We can’t tell who you are here, so a ticket could not be yours. Sign in first.")
        )
    return f"{principal.channel}:{known}"
