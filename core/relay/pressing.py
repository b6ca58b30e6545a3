"""What a press means: checked against what stands behind its button and who presses it now (S7, S9)."""

from __future__ import annotations

from core.relay.asking import CANCEL, OFFSET
from core.relay.dialog import Dialog
from core.relay.drafting import Draft
from core.relay.guard import Admission, Guard
from core.relay.handles import Pressed, why_void
from core.relay.main_menu import LAPSED, MainMenu
from core.relay.offers import Purpose
from core.relay.own_commands import OWN_COMMANDS, OwnCommands
from core.relay.performing import OVER, TOO_MANY, Performing
from core.relay.turn import Outcome
from core.relay.views import View

__all__ = ["Pressing"]


class Pressing:
    """Does what people press."""

    def __init__(self, performing: Performing, own: OwnCommands, guard: Guard, menu: MainMenu) -> None:
        self._performing = performing
        self._menu = menu
        self._own = own
        self._guard = guard

    async def press(self, draft: Draft) -> None:
        """Do what the button means, or say in a neutral sentence that it means nothing any more."""
        pressed = draft.situation.pressed
        void = why_void(pressed, draft.inbound, draft.now)
        if pressed is None or void or not draft.alone:
            _refuse(draft, void or "nobody who is known")
            return
        purpose = Purpose(pressed.handle.purpose)
        if purpose in (Purpose.RUN, Purpose.PAGE):
            await self._run(draft, pressed, purpose)
        elif draft.dialog is None and draft.lapsed and draft.manners.menu:
            await self._menu.show(draft, LAPSED)
        elif draft.dialog is None or not _fits(draft.dialog, pressed, purpose):
            _refuse(draft, "question over")
        elif purpose is Purpose.CONFIRM:
            draft.use(pressed.handle.handle)
            await self._performing.confirm(draft, draft.dialog)
        elif purpose is Purpose.REFUSE or pressed.handle.action.arguments[0][0] == CANCEL:
            self._performing.cancel(draft)
        else:
            (_name, value), *others = pressed.handle.action.arguments
            await self._performing.answer(draft, draft.dialog, value, dict(others).get(OFFSET, ""))

    async def _run(self, draft: Draft, pressed: Pressed, purpose: Purpose) -> None:
        handle, action = pressed.handle, pressed.handle.action
        admission = await self._guard.admit_command(draft.principal, draft.user)
        if admission is not Admission.LET_IN:
            draft.outcome = Outcome.LIMITED
            if admission is Admission.TOLD and draft.alone:
                draft.say(TOO_MANY)
        elif self._performing.find(draft, action.command) is None:
            if action.command in OWN_COMMANDS:
                await self._own.perform(draft, action.command, [value for _name, value in action.arguments])
            else:
                await self._performing.refuse(draft, action.command)
        elif action.unavailable is not None:
            draft.say(action.unavailable)
        else:
            if handle.once:
                draft.use(handle.handle)
            here = draft.chat == draft.inbound.chat
            shown = pressed.message or draft.inbound.message  # an answer may be several messages
            edits = shown if purpose is Purpose.PAGE and here else ""
            await self._performing.perform(draft, View.of(action), edits=edits)


def _refuse(draft: Draft, why: str) -> None:
    """A neutral sentence to the person, and nothing where others would read it."""
    draft.outcome = Outcome.REFUSED
    draft.error = why
    if draft.alone:
        draft.say(OVER)


def _fits(dialog: Dialog, pressed: Pressed, purpose: Purpose) -> bool:
    """Whether a press belongs to what is being asked now."""
    handle = pressed.handle
    if dialog.command != handle.action.command:
        return False
    if purpose is Purpose.CONFIRM:
        return dialog.confirming == handle.handle
    if purpose is Purpose.REFUSE:
        return bool(dialog.confirming)
    return handle.action.arguments[0][0] in (CANCEL, dialog.asking)
