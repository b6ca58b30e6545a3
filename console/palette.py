"""The palette: panes, actions, commands, themes, and things found by their name."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.fuzzy import FuzzySearch

from console.keymap import KEYS, Group
from core.command import Effect, authorise
from core.errors import OpsdeckError, RefusedError
from core.message import _
from core.page import Action

if TYPE_CHECKING:
    from console.app import OpsdeckApp
    from console.screens.deck import DeckScreen

__all__ = ["OpsdeckPalette"]

_MOST_OBJECTS = 20
_LEAST_LETTERS = 2


@dataclass(frozen=True, slots=True)
class _Find:
    """Something the palette offers: its label, a line about it, and what choosing it does."""

    label: str
    about: str
    choose: Callable[[], object]


class OpsdeckPalette(Provider):
    """Everything that can be reached from here."""

    @property
    def _ops(self) -> OpsdeckApp:
        return cast("OpsdeckApp", self.app)

    @property
    def _deck(self) -> DeckScreen:
        return self._ops.deck

    async def discover(self) -> Hits:
        for find in [*self._panes(), *self._page_actions()]:
            yield DiscoveryHit(Content(find.label), find.choose, text=find.label, help=_literal(find.about))

    async def search(self, query: str) -> Hits:
        matching = FuzzySearch()
        for find in self._finds():
            score, offsets = matching.match(query, find.label)
            if score > 0:
                shown = Content(find.label)
                for offset in offsets:
                    shown = shown.stylize("bold underline", offset, offset + 1)
                yield Hit(score, shown, find.choose, text=find.label, help=_literal(find.about))
        if len(query.strip()) >= _LEAST_LETTERS and self._deck.is_open:
            async for hit in self._objects(query):
                yield hit

    async def _objects(self, query: str) -> Hits:
        """Things of the areas whose name fits; they come ranked, so they only follow each other."""
        try:
            actions = await self._deck.backend.objects(self._deck.principal, query.strip())
        except OpsdeckError:
            return
        for place, action in enumerate(actions[:_MOST_OBJECTS]):
            find = self._of_action(action)
            yield Hit(
                0.9 - place / 100,
                Content(find.label),
                find.choose,
                text=find.label,
                help=_literal(find.about),
            )

    def _finds(self) -> Iterator[_Find]:
        yield from self._panes()
        yield from self._page_actions()
        yield from self._commands()
        yield from self._keys()
        words = self._deck.pen().words
        for name, title in self._ops.theme_titles:
            yield _Find(
                words(_("Theme: {title}", title=title)),
                words(_("change the colours")),
                lambda n=name: self._ops.use_theme(n),
            )

    def _panes(self) -> Iterator[_Find]:
        words = self._deck.pen().words
        for pane in self._deck.panes:
            about = words(_("pane, key {digit}", digit=pane.digit)) if pane.digit else words(_("pane"))
            yield _Find(words(pane.title), about, lambda p=pane: self._run(self._deck.jump_to(p)))

    def _page_actions(self) -> Iterator[_Find]:
        page = self._deck.page_view.page
        for action in page.actions if page else ():
            yield self._of_action(action)

    def _of_action(self, action: Action) -> _Find:
        words = self._deck.pen().words
        reason = self._deck.verbs.why_not(action)
        about = words(_("not now: {reason}", reason=reason)) if reason else action.command
        return _Find(words(action.label), about, lambda: self._run(self._deck.verbs.perform(action)))

    def _commands(self) -> Iterator[_Find]:
        """The commands this person may run, by name."""
        words = self._deck.pen().words
        for command in self._deck.backend.commands:
            try:
                authorise(command, self._deck.principal)
            except RefusedError:
                continue
            action = Action(command.name, command.summary)
            mark = {Effect.READ: "", Effect.WRITE: "", Effect.DANGER: " ▲"}[command.effect]
            reason = self._deck.backend.why_not(command.name)
            yield _Find(
                f"{command.name}{mark}",
                words(_("not now: {reason}", reason=reason) if reason else command.summary),
                lambda a=action: self._run(self._deck.verbs.perform(a)),
            )

    def _keys(self) -> Iterator[_Find]:
        words, deck = self._deck.pen().words, self._deck
        for key in KEYS:
            if key.group is not Group.MOVE and key.name != "palette":
                about = words(_("key {key}", key=deck.keymap.shown(key.name)))
                name = f"{words(key.label)[:1].upper()}{words(key.label)[1:]}: {words(key.help)}"
                yield _Find(name, about, lambda k=key: deck.call_later(deck.run_action, k.action))

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        self._deck.run_guarded(work, group="verb")


def _literal(text: str) -> str:
    """Text that the palette shows as it is: it takes a string for markup, but content for what it is."""
    return cast("str", Content(text))
