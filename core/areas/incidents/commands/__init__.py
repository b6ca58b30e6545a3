"""What the incidents area can be asked. Declarations only; what they do is loaded when it is asked for.

The lowest role of each is that of operations.md 9. An agent of the support desk is a viewer here, who may
open incidents and see none.
"""

from __future__ import annotations

from core.areas.incidents.commands.changing import CHANGES
from core.areas.incidents.commands.moving import MOVES
from core.areas.incidents.commands.parameters import incident_choices
from core.areas.incidents.commands.reading import READS
from core.areas.incidents.commands.reviewing import REVIEWS

__all__ = ["VERBS", "incident_choices"]

VERBS = (*READS, *MOVES, *CHANGES, *REVIEWS)
