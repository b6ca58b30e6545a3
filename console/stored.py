"""The pages of the last session, by which the first screen is painted before anything heavy is loaded."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from console.trail import View
from core.area import Pane, PaneLight
from core.message import Message, _
from core.moment import Clock
from core.page import Light, Lights, Page
from core.principal import Principal
from core.store.page_cache import page_key
from core.units import Severity, State

__all__ = ["PageStore", "StoredPages"]

_RAIL = View("rail")
_SAVE_EVERY = 10.0

logger = logging.getLogger(__name__)


class PageStore(Protocol):
    """Where encoded pages are kept between sessions; `core.store.page_cache` is one."""

    def get(self, key: str) -> tuple[Page, datetime] | None:
        """The page last put under that key and when, if it can still be read."""
        ...

    def put(self, key: str, page: Page) -> None:
        """Keep a page under a key."""
        ...


class StoredPages:
    """Loads and saves pages for one person; never lets a broken cache get in the way."""

    def __init__(self, store: PageStore | None, principal: Principal, clock: Clock) -> None:
        self._store = store
        self._principal = principal
        self._clock = clock
        self._saved: dict[str, float] = {}

    def load(self, view: View) -> Page | None:
        """The page that was last seen at that view."""
        return self._get(view)

    def save(self, view: View, page: Page) -> None:
        """Keep the page of a view, at most once in ten seconds."""
        now = self._clock.monotonic()
        if page.at is None and now - self._saved.get(view.key, float("-inf")) >= _SAVE_EVERY:
            self._saved[view.key] = now
            self._put(view, page)

    def load_lights(self) -> dict[str, PaneLight]:
        """The rail as it was last seen."""
        page = self._get(_RAIL)
        blocks = page.blocks if page is not None else ()
        lights = [light for block in blocks if isinstance(block, Lights) for light in block.lights]
        return {
            each.key: PaneLight(each.state, _("{words}", words=each.name), _number(each.note))
            for each in lights
        }

    def save_lights(self, panes: Sequence[Pane], lights: Mapping[str, PaneLight]) -> None:
        """Keep the rail."""
        kept = tuple(
            Light(pane.key, light.headline, light.state, str(light.open))
            for pane in panes
            if (light := lights.get(pane.key)) is not None
        )
        title = Message("rail")
        self.save(_RAIL, Page("rail", title, State(Severity.IDLE, ""), (Lights("rail", title, kept),)))

    def _key(self, view: View) -> str:
        return page_key(view.command, dict(view.arguments), self._principal.name, self._principal.language)

    def _get(self, view: View) -> Page | None:
        if self._store is None:
            return None
        try:
            found = self._store.get(self._key(view))
            return found[0] if found else None
        except Exception:  # whatever is wrong with a cache, the page is asked for anew
            logger.warning("stored page %r can't be read", view.command, exc_info=True)
            return None

    def _put(self, view: View, page: Page) -> None:
        if self._store is None:
            return
        try:
            self._store.put(self._key(view), page)
        except Exception:  # the same
            logger.warning("page %r can't be stored", view.command, exc_info=True)


def _number(text: object) -> int:
    return int(text) if isinstance(text, str) and text.isdigit() else 0
