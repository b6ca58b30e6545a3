"""Where a person is and came from: the views opened one inside another, and the view before this one."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.page import Page

__all__ = ["Trail", "View"]


@dataclass(frozen=True, slots=True)
class View:
    """Something shown as a page: a command that reads, with its arguments.

    `answer`, where given, is the page a write has answered with; it is shown as it is and never run again.
    """

    command: str
    arguments: tuple[tuple[str, str], ...] = ()
    answer: Page | None = field(default=None, compare=False)

    @property
    def key(self) -> str:
        """The same for the same view; also the stored page's name."""
        return "\x1f".join([self.command, *(f"{name}={value}" for name, value in sorted(self.arguments))])


class Trail:
    """The way to the present view."""

    def __init__(self, root: View) -> None:
        self._views: tuple[View, ...] = (root,)
        self._before: tuple[View, ...] = ()

    @property
    def views(self) -> tuple[View, ...]:
        """From the pane's own view to the present one."""
        return self._views

    @property
    def current(self) -> View:
        """The present view."""
        return self._views[-1]

    @property
    def can_go_back(self) -> bool:
        """Whether the present view was opened from another."""
        return len(self._views) > 1

    @property
    def can_return(self) -> bool:
        """Whether there was a view before this one."""
        return bool(self._before)

    def jump(self, root: View) -> None:
        """Go to a pane's own view."""
        self._go((root,))

    def drill(self, view: View) -> None:
        """Open `view` inside the present one."""
        if view != self.current:
            self._go((*self._views, view))

    def replace(self, view: View) -> None:
        """Put `view` in the place of the present one (another time range of the same page)."""
        self._views = (*self._views[:-1], view)

    def back(self) -> bool:
        """Leave the present view for the one it was opened from; false when there is none."""
        if not self.can_go_back:
            return False
        self._go(self._views[:-1])
        return True

    def last(self) -> bool:
        """Return to the view before this one, wherever it was; false when there is none."""
        if not self._before:
            return False
        self._go(self._before)
        return True

    def _go(self, views: tuple[View, ...]) -> None:
        if views != self._views:
            self._before, self._views = self._views, views
