"""A command's dialog, made from the parameters it declares."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Input, Select, Static

from console.pen import Pen
from console.screens.dialog import Dialog
from core.command import Choice, Command, Parameter, validate
from core.errors import InputError, OpsdeckError
from core.message import Message, _
from core.page import Page

__all__ = ["FormScreen"]

Submit = Callable[[Mapping[str, str]], Awaitable[Page | None]]


class FormScreen(Dialog[Page]):
    """Asks for a command's parameters and hands them to `submit`.

    What can't be read is said beside its field when that is left, and what is missing at the end. When
    `submit` raises, its sentence is shown and the dialog stays, so that credentials can be corrected and
    tried again. Answers with the page of the command.
    """

    DEFAULT_CSS = """
    FormScreen .form-fields { height: auto; max-height: 24; }
    FormScreen .form-field { height: auto; margin-bottom: 1; }
    FormScreen .form-error { height: auto; display: none; }
    FormScreen .form-error.-said { display: block; }
    FormScreen #outcome { height: auto; display: none; margin-bottom: 1; }
    FormScreen #outcome.-said { display: block; }
    FormScreen .dialog-buttons { height: auto; align-horizontal: right; }
    FormScreen .dialog-buttons Button { margin-left: 2; }
    """

    def __init__(
        self,
        command: Command,
        given: Mapping[str, str],
        choices: Mapping[str, Sequence[Choice]],
        pen: Pen,
        submit: Submit,
        *,
        title: Message | None = None,
    ) -> None:
        super().__init__(pen)
        self._command = command
        self._given = dict(given)
        self._choices = choices
        self._submit = submit
        self._title = title or command.summary
        self._trying = False

    @property
    def _asked(self) -> list[Parameter]:
        return [each for each in self._command.parameters if each.name not in self._given]

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield self.static(self._title, classes="dialog-title")
            with VerticalScroll(classes="form-fields", can_focus=False):
                for parameter in self._asked:
                    yield from self._field(parameter)
            yield self.static("", id="outcome")
            with Horizontal(classes="dialog-buttons"):
                yield Button(self.content(_("Cancel")), id="cancel", compact=True)
                yield Button(self.content(_("Do it")), id="submit", variant="primary", compact=True)

    def _field(self, parameter: Parameter) -> ComposeResult:
        label = self.pen.words(parameter.prompt)
        optional = "" if parameter.required else f"  {self.pen.words(_('optional'))}"
        with Vertical(classes="form-field"):
            yield Static(Content.assemble(label, (optional, "dim")), markup=False, classes="form-label")
            yield self._input(parameter)
            yield Static("", markup=False, classes="form-error", id=f"error-{parameter.name}")

    def _input(self, parameter: Parameter) -> Widget:
        choices = self._choices.get(parameter.name) or parameter.type.choices
        identity = f"field-{parameter.name}"
        if choices:
            options = [(Content(self.pen.words(each.label)), each.value) for each in choices]
            known = {each.value for each in choices}
            start = parameter.default if parameter.default in known else Select.NULL
            return Select(options, value=start, prompt=self.pen.words(_("choose")), id=identity, compact=True)
        return Input(parameter.default or "", password=parameter.secret, id=identity, compact=True)

    def on_mount(self) -> None:
        first = next(iter(self.query("Input, Select").results(Widget)), None)
        if first is not None:
            first.focus()

    def _values(self) -> dict[str, str]:
        """What has been filled in, empty fields left out."""
        values = dict(self._given)
        for parameter in self._asked:
            widget = self.query_one(f"#field-{parameter.name}")
            if isinstance(widget, Input) and widget.value.strip():
                values[parameter.name] = widget.value
            elif isinstance(widget, Select) and widget.value is not Select.NULL:
                values[parameter.name] = str(widget.value)
        return values

    def complaint(self, parameter: Parameter, values: Mapping[str, str]) -> Message | None:
        """What is wrong with one field, in one sentence."""
        alone = replace(self._command, parameters=(parameter,))
        given = {parameter.name: values[parameter.name]} if parameter.name in values else {}
        if not given and not parameter.asked_for(values):
            return None
        if not given and parameter.required and parameter.default is None:
            return _("This is needed.")
        try:
            validate(alone, given)
        except InputError as error:
            cause = error.__cause__
            return cause.message if isinstance(cause, InputError) else error.message
        return None

    def _check(self, values: Mapping[str, str]) -> bool:
        """Say beside each field what is wrong with it; true when nothing is."""
        wrong: list[Parameter] = []
        for parameter in self._asked:
            sentence = self.complaint(parameter, values)
            self._say(f"error-{parameter.name}", sentence)
            if sentence is not None:
                wrong.append(parameter)
        if wrong:
            self.query_one(f"#field-{wrong[0].name}").focus()
        return not wrong

    def _say(self, identity: str, sentence: Message | None) -> None:
        place = self.query_one(f"#{identity}", Static)
        place.update(self.content(sentence) if sentence else "")
        place.set_class(sentence is not None, "-said")

    @on(Input.Changed)
    @on(Select.Changed)
    def _retract(self, event: Input.Changed | Select.Changed) -> None:
        """A field being corrected isn't scolded meanwhile."""
        name = (event.control.id or "").removeprefix("field-")
        if name:
            self._say(f"error-{name}", None)

    @on(Input.Blurred)
    def _left(self, event: Input.Blurred) -> None:
        """Say at once what is wrong with what was written, and nothing of a field passed over."""
        values = self._values()
        for parameter in self._asked:
            if event.input.id == f"field-{parameter.name}" and parameter.name in values:
                self._say(f"error-{parameter.name}", self.complaint(parameter, values))

    @on(Input.Submitted)
    def _next(self, event: Input.Submitted) -> None:
        fields = list(self.query("Input, Select").results(Widget))
        index = fields.index(event.input)
        if index + 1 < len(fields):
            fields[index + 1].focus()
        else:
            self._go()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        if event.button.id == "cancel":
            self.dismiss(None)
        else:
            self._go()

    def _go(self) -> None:
        values = self._values()
        if not self._trying and self._check(values):
            self._trying = True
            self._say("outcome", _("Trying…"))
            self.run_worker(self._try(values), group="form", exit_on_error=False)

    async def _try(self, values: Mapping[str, str]) -> None:
        try:
            page = await self._submit(values)
        except OpsdeckError as error:
            self._say("outcome", error.message)
            return
        except Exception:
            self._say("outcome", _("Something went wrong that shouldn't have; the log says more."))
            raise
        finally:
            self._trying = False
        self.dismiss(page)
