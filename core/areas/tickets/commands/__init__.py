"""What the tickets area can be asked. Declarations only; what they do is loaded when it is asked for."""

from __future__ import annotations

from core.areas.tickets.commands.agents import AGENT_VERBS
from core.areas.tickets.commands.answers import ANSWER_VERBS
from core.areas.tickets.commands.requesters import REQUESTER_VERBS

__all__ = ["VERBS"]

VERBS = (*REQUESTER_VERBS, *AGENT_VERBS, *ANSWER_VERBS)
