"""Page and its blocks: what a person sees, as data.

Blocks carry typed values (`core.units`), never formatted text. The set of blocks is closed, and each can
lower itself to `Facts`, `Table` or `Document`, so that a renderer must know only those three and may do
better on the others.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime

from core.message import Message
from core.page.figures import Chart, ChartSeries, Meter, Threshold
from core.page.lowered import Action, Column, Document, Fact, Facts, Kind, Place, Row, Table
from core.page.states import Checklist, ChecklistItem, Gantt, GanttBar, Light, Lights, Timeline, TimelineEntry
from core.page.words import Code, Conversation, Note, Utterance
from core.units import State

__all__ = [
    "Action",
    "Block",
    "Chart",
    "ChartSeries",
    "Checklist",
    "ChecklistItem",
    "Code",
    "Column",
    "Conversation",
    "Document",
    "Fact",
    "Facts",
    "Freshness",
    "Gantt",
    "GanttBar",
    "Kind",
    "Light",
    "Lights",
    "Lowered",
    "Meter",
    "Note",
    "Page",
    "Place",
    "Row",
    "SourceState",
    "Table",
    "Threshold",
    "Timeline",
    "TimelineEntry",
    "Utterance",
]

Lowered = Facts | Table | Document
Block = (
    Facts
    | Table
    | Chart
    | Meter
    | Lights
    | Timeline
    | Checklist
    | Gantt
    | Conversation
    | Code
    | Document
    | Note
)


class Freshness(enum.Enum):
    """How far a page can be trusted to be the present."""

    LIVE = "live"
    STALE = "stale"
    UNKNOWN = "unknown"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class SourceState:
    """How the source behind a page is doing.

    `STALE` after two missed polls, `UNKNOWN` after three, `NEVER` before the first. `reason` is the last
    error where there is one, and `next_try` when it will be asked again.
    """

    freshness: Freshness = Freshness.LIVE
    last_good: datetime | None = None
    reason: Message | None = None
    next_try: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A view, as data.

    `key` says what it is of, the same from one refresh to the next. `as_of` is when its newest data was
    recorded; `at`, where given, is the past moment it was wound back to. `crumb` is the subject after
    the title ("Network · Harbour Office").
    """

    key: str
    title: Message
    verdict: State
    blocks: tuple[Block, ...]
    actions: tuple[Action, ...] = ()
    as_of: datetime | None = None
    source_state: SourceState = field(default_factory=SourceState)
    crumb: Message | str = ""
    at: datetime | None = None
