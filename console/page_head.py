"""The line above a page: what it is, how it stands, how old it is; and what is wrong with it, if anything."""

from __future__ import annotations

from datetime import datetime, timedelta

from rich.style import Style
from rich.text import Text

from console.lines import Lines
from console.pen import Pen, styled
from core.message import Message
from core.page import Freshness, Page
from core.render.heading import heading
from core.units import Severity

__all__ = ["PageHead", "calm_now"]


class PageHead(Lines):
    """Title, verdict and age; below them one sentence when the page isn't the present or could not be had."""

    DEFAULT_CSS = "PageHead { height: auto; width: 1fr; }"

    def __init__(self) -> None:
        super().__init__(id="page-head")

    def tell(
        self,
        page: Page | None,
        pen: Pen,
        width: int,
        *,
        trouble: Message | None = None,
        busy: Message | None = None,
        at: datetime | None = None,
    ) -> None:
        """Describe the page; `trouble` says why the newest answer isn't there, `busy` what is waited for.

        The header already says which moment the deck is wound back to (`at`); it isn't repeated here.
        """
        if page is None:
            lines = (
                [Text(end="")]
                if trouble is None
                else self._remark(pen.words(trouble), pen, width, Severity.WARNING)
            )
            self.show(lines)
            return
        ink = pen.ink
        formatter = pen.formatter
        words = heading(page, formatter.at(calm_now(page.as_of, formatter.now)))
        severity = page.verdict.severity
        right = styled(words.verdict, ink.severity(severity) + Style(bold=True))
        fresh = page.source_state.freshness is Freshness.LIVE
        if words.age:
            right.append("   ").append(words.age, ink.muted if fresh else ink.severity(Severity.WARNING))
        title, _dot, crumb = words.title.partition(" · ")
        left = styled(title, ink.strong)
        if crumb:
            left.append(" · ", ink.faint).append(crumb, ink.text)
        room = max(width - right.cell_len - 2, 8)
        lines = [Pen.pad(Pen.cut(left, room), room + 2).append_text(right)]
        if trouble is not None:
            lines += self._remark(pen.words(trouble), pen, width, Severity.WARNING)
        elif busy is not None:
            lines += self._remark(pen.words(busy), pen, width, Severity.NOTICE)
        elif words.remark and not (page.at is not None and page.at == at and fresh):
            lines += self._remark(words.remark, pen, width, Severity.NOTICE if fresh else Severity.WARNING)
        self.show(lines)

    @staticmethod
    def _remark(sentence: str, pen: Pen, width: int, severity: Severity) -> list[Text]:
        lines = pen.wrapped(sentence, max(width - 2, 10), pen.ink.severity(severity))
        return [
            (pen.mark(severity) if index == 0 else styled("  ")).append_text(line)
            for index, line in enumerate(lines[:3])
        ]


def calm_now(as_of: datetime | None, now: datetime) -> datetime:
    """`now`, set back so that the age of `as_of` grows in steps of five seconds and not at every tick."""
    if as_of is None or now <= as_of:
        return now
    age = (now - as_of).total_seconds()
    return as_of + timedelta(seconds=age - age % 5) if age < 60 else now
