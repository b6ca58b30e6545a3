"""Running what a person chose: asking for what is missing, confirming dangers, and showing the answer."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from console.screens.choose import ChooseScreen, Offer
from console.screens.confirm import ConfirmScreen
from console.screens.form import FormScreen
from console.trail import View
from core.command import Choice, Command, Effect, Invocation, authorise
from core.errors import RefusedError
from core.message import Message, _
from core.page import Action, Note, Page
from core.units import Severity, State

if TYPE_CHECKING:
    from console.backend import Backend
    from console.screens.deck import DeckScreen

__all__ = ["Verbs"]

_ANSWERED = State(Severity.IDLE, "")


class Verbs:
    """Runs commands for the deck. Its coroutines belong in workers, since they wait for dialogs."""

    def __init__(self, deck: DeckScreen, backend: Backend) -> None:
        self._deck = deck
        self._backend = backend

    def why_not(self, action: Action) -> Message | None:
        """Why an action can't be run here and now."""
        if action.unavailable is not None:
            return action.unavailable
        if (reason := self._backend.why_not(action.command)) is not None:
            return reason
        command = self._deck.command(action.command)
        if command is None:
            return _("This version of opsdeck has no command “{name}”.", name=action.command)
        if self._deck.at is not None and command.effect is not Effect.READ:
            return _("The past can't be changed; return to the present first.")
        try:
            authorise(command, self._deck.principal)
        except RefusedError as error:
            return error.message
        return None

    async def choose(self, actions: Sequence[Action]) -> None:
        """Let the person pick one of the page's actions, and run it."""
        offers = [Offer(str(index), each.label, self.why_not(each)) for index, each in enumerate(actions)]
        chosen = await self._deck.app.push_screen_wait(
            ChooseScreen(_("What to do"), offers, self._deck.pen())
        )
        if chosen is not None:
            await self.perform(actions[int(chosen)])

    async def perform(self, action: Action) -> None:
        """Run an action: open the view of one that reads, carry out one that writes."""
        reason = self.why_not(action)
        command = self._deck.command(action.command)
        if reason is not None or command is None:
            self._deck.say(reason or _("This can't be done."))
            return
        given = dict(action.arguments)
        missing = [
            each
            for each in command.parameters
            if each.required and each.default is None and each.name not in given and each.asked_for(given)
        ]
        if command.effect is Effect.READ:
            arguments = await self._ask(command, given) if missing else given
            if arguments is not None:
                await self._deck.open_view(View(command.name, tuple(arguments.items())))
        elif len(missing) == 1 and (choices := await self._choices(command, given)).get(missing[0].name):
            value = await self._pick(missing[0].prompt, choices[missing[0].name])
            if value is not None:
                await self._write(command, {**given, missing[0].name: value})
        elif missing:
            await self._form(command, given)
        else:
            await self._write(command, given)

    async def setup(self, command: Command) -> Page | None:
        """Ask for a source's credentials; the command tries them before it keeps them."""
        return await self._form(command, {})

    async def _choices(self, command: Command, given: Mapping[str, str]) -> dict[str, Sequence[Choice]]:
        """The values on offer for each parameter that has a list of them."""
        found: dict[str, Sequence[Choice]] = {}
        for parameter in command.parameters:
            if parameter.name in given:
                continue
            if parameter.source:
                found[parameter.name] = await self._backend.choices(
                    command.name, parameter.name, self._deck.principal
                )
            elif parameter.type.choices:
                found[parameter.name] = parameter.type.choices
        return found

    async def _pick(self, prompt: Message, choices: Sequence[Choice]) -> str | None:
        offers = [Offer(each.value, each.label) for each in choices]
        return await self._deck.app.push_screen_wait(ChooseScreen(prompt, offers, self._deck.pen()))

    async def _ask(self, command: Command, given: dict[str, str]) -> dict[str, str] | None:
        """The arguments of a command that reads, what is missing asked for."""
        asked: dict[str, str] = {}

        async def keep(values: Mapping[str, str]) -> Page | None:
            asked.update(values)
            return Page(command.name, command.summary, _ANSWERED, ())

        choices = await self._choices(command, given)
        form = FormScreen(command, given, choices, self._deck.pen(), keep)
        answer = await self._deck.app.push_screen_wait(form)
        return None if answer is None else asked

    async def _form(self, command: Command, given: dict[str, str]) -> Page | None:
        async def submit(values: Mapping[str, str]) -> Page | None:
            if command.effect is Effect.DANGER and not await self._confirmed(command, values):
                return None
            return await self._run(command, values)

        choices = await self._choices(command, given)
        form = FormScreen(command, given, choices, self._deck.pen(), submit)
        page = await self._deck.app.push_screen_wait(form)
        if page is not None:
            await self._show(command, page)
        return page

    async def _write(self, command: Command, arguments: Mapping[str, str]) -> None:
        if command.effect is Effect.DANGER and not await self._confirmed(command, arguments):
            return
        await self._show(command, await self._run(command, arguments))

    async def _confirmed(self, command: Command, arguments: Mapping[str, str]) -> bool:
        danger = await self._backend.danger(command.name, arguments, self._deck.principal)
        screen = ConfirmScreen(danger, self._deck.pen())
        return bool(await self._deck.app.push_screen_wait(screen))

    async def _run(self, command: Command, arguments: Mapping[str, str]) -> Page:
        invocation = Invocation(
            command.name,
            self._deck.principal,
            dict(arguments),
            confirmed=command.effect is Effect.DANGER,
            key=str(uuid.uuid4()),
        )
        return await self._backend.run(invocation)

    async def _show(self, command: Command, page: Page) -> None:
        """A short answer is said; one with something to read gets a view of its own."""
        notes = [block for block in page.blocks if isinstance(block, Note)]
        if len(notes) == len(page.blocks):
            for note in notes:
                self._deck.say(note.text, note.severity)
            if not notes:
                self._deck.say(_("{title}: done.", title=page.title))
        elif self._deck.shows(page.key):
            self._deck.say(_("{title}: done.", title=command.summary))
        else:
            await self._deck.open_view(View(command.name, (), page))
        await self._deck.refresh_surroundings()
        await self._deck.refresh_page()
