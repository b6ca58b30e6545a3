"""The widgets that draw blocks, one module for each kind."""

from __future__ import annotations

from typing import Any

from console.blocks.block import BlockWidget
from console.blocks.chart import ChartBlock
from console.blocks.checklist import ChecklistBlock
from console.blocks.code import CodeBlock
from console.blocks.conversation import ConversationBlock
from console.blocks.document import DocumentBlock
from console.blocks.facts import FactsBlock
from console.blocks.gantt import GanttBlock
from console.blocks.lights import LightsBlock
from console.blocks.meter import MeterBlock
from console.blocks.note import NoteBlock
from console.blocks.table import TableBlock
from console.blocks.timeline import TimelineBlock
from console.pen import Pen
from core import page

__all__ = ["BlockWidget", "widget_for"]

_WIDGETS: dict[type, type[BlockWidget[Any]]] = {
    page.Chart: ChartBlock,
    page.Checklist: ChecklistBlock,
    page.Code: CodeBlock,
    page.Conversation: ConversationBlock,
    page.Document: DocumentBlock,
    page.Facts: FactsBlock,
    page.Gantt: GanttBlock,
    page.Lights: LightsBlock,
    page.Meter: MeterBlock,
    page.Note: NoteBlock,
    page.Table: TableBlock,
    page.Timeline: TimelineBlock,
}


def widget_for(block: page.Block, pen: Pen) -> BlockWidget[Any]:
    """A new widget for a block; a kind without its own is drawn as what it lowers to."""
    kind = _WIDGETS.get(type(block))
    return kind(block, pen) if kind is not None else widget_for(block.lower(), pen)
