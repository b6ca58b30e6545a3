"""Message templates: what they are made of, and what they say once filled in (whatsapp.md C2, C3)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from core.simulators.cloud_api.errors import refused
from core.simulators.cloud_api.reading import fields, rows, text
from core.simulators.whatsapp import limits
from core.simulators.whatsapp.model import Choice, Content, Json

__all__ = ["CATEGORIES", "Template", "TemplateStatus", "Templates", "read_template"]

TemplateStatus: TypeAlias = Literal["PENDING", "APPROVED", "REJECTED", "PAUSED", "DISABLED"]
CATEGORIES = ("UTILITY", "MARKETING", "AUTHENTICATION")

_VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_NAME = re.compile(r"[a-z0-9_]{1,512}")
_UNFIT = re.compile(r"[\n\t]| {5,}")


@dataclass(slots=True)
class Template:
    """A template in one language. `buttons` are the labels of its quick replies."""

    name: str
    language: str
    body: str
    category: str = "UTILITY"
    header: str = ""
    footer: str = ""
    buttons: tuple[str, ...] = ()
    status: TemplateStatus = "APPROVED"
    id: str = ""

    @property
    def shown(self) -> Json:
        """It in JSON."""
        components: list[Json] = [{"type": "BODY", "text": self.body}]
        if self.header:
            components.insert(0, {"type": "HEADER", "format": "TEXT", "text": self.header})
        if self.footer:
            components.append({"type": "FOOTER", "text": self.footer})
        if self.buttons:
            quick = [{"type": "QUICK_REPLY", "text": label} for label in self.buttons]
            components.append({"type": "BUTTONS", "buttons": quick})
        return {
            "name": self.name,
            "language": self.language,
            "status": self.status,
            "category": self.category,
            "components": components,
            "id": self.id,
        }

    @property
    def variables(self) -> tuple[str, ...]:
        """The distinct names or numbers in the body, in the order in which they stand there."""
        return tuple(dict.fromkeys(_VARIABLE.findall(self.body)))


class Templates:
    """The templates of the account, by name and language."""

    def __init__(self) -> None:
        self._templates: dict[tuple[str, str], Template] = {}

    def add(self, template: Template) -> Template:
        """Keep a template, in place of the one of the same name and language."""
        template.id = template.id or str(6_100_000_001 + len(self._templates))
        self._templates[template.name, template.language] = template
        return template

    def all(self) -> list[Template]:
        return list(self._templates.values())

    def decide(self, name: str, language: str, status: TemplateStatus) -> None:
        """WhatsApp decides about a template, also again.

        Raises:
            ValueError: there is none.
        """
        template = self._templates.get((name, language))
        if template is None:
            raise ValueError(f"There is no template {name} in {language}.")
        template.status = status

    def fill(self, body: Mapping[str, Any]) -> tuple[Template, Content]:
        """The template that a message asks for, and what it says.

        Raises:
            CloudError: 131008, 131009, or one from 132000 to 132016.
        """
        name = text(body, "name", "template['name']")
        language = text(fields(body, "language", "template['language']"), "code", "language['code']")
        template = self._templates.get((name, language))
        if template is None or template.status in ("PENDING", "REJECTED"):
            raise refused(132001, f"template name ({name}) does not exist in {language}")
        if template.status == "PAUSED":
            raise refused(132015, f"template ({name}) is paused")
        if template.status == "DISABLED":
            raise refused(132016, f"template ({name}) is disabled")
        components = rows(body, "components", "template['components']", needed=False)
        filled = _filled(template, components)
        if len(filled) > limits.BODY:
            raise refused(132005, f"the body has {len(filled)} characters; the most is {limits.BODY}")
        choices = _choices(template, components)
        return template, Content(
            filled, template.header, template.footer, choices=choices, template=template.name
        )


def _filled(template: Template, components: list[Json]) -> str:
    """The body with its parameters: by their names, or else by their places."""
    given: list[Json] = []
    for component in components:
        if str(component.get("type", "")).lower() == "body":
            given += rows(component, "parameters", "components['parameters']", needed=False)
    if len(given) != len(template.variables):
        expected = len(template.variables)
        raise refused(
            132000,
            f"body: number of localizable_params ({len(given)}) does not match the expected ({expected})",
        )
    values: dict[str, str] = {}
    for variable, parameter in zip(template.variables, given, strict=True):
        if parameter.get("type") != "text":
            raise refused(132012, f"parameter {variable} must be a text")
        value = text(parameter, "text", "parameters['text']")
        if _UNFIT.search(value):
            raise refused(
                132012, f"parameter {variable} has a new line, a tab, or more than 4 spaces in a row"
            )
        values[str(parameter.get("parameter_name", variable))] = value
    if values.keys() != set(template.variables):
        raise refused(132012, "the names of the parameters aren’t those of the template")
    return _VARIABLE.sub(lambda found: values[found[1]], template.body)


def _choices(template: Template, components: list[Json]) -> tuple[Choice, ...]:
    """The quick replies, each with the payload that the message gives it, or else its label."""
    payloads: dict[int, str] = {}
    for component in components:
        if str(component.get("type", "")).lower() != "button":
            continue
        index = str(component.get("index", ""))
        if not index.isdecimal() or int(index) >= len(template.buttons):
            raise refused(132012, f"the template has no button {index or 'without an index'}")
        for parameter in rows(component, "parameters", "components['parameters']"):
            payloads[int(index)] = str(parameter.get("payload") or parameter.get("text") or "")
    return tuple(
        Choice(payloads.get(number) or label, label) for number, label in enumerate(template.buttons)
    )


def read_template(body: Mapping[str, Any]) -> Template:
    """A new template out of what a client asks for.

    Raises:
        CloudError: 131008, 131009: something is missing or not allowed.
    """
    name = text(body, "name", "name")
    if not _NAME.fullmatch(name):
        raise refused(131009, "name must be lower-case letters, digits and underscores")
    category = text(body, "category", "category").upper()
    if category not in CATEGORIES:
        raise refused(131009, f"category must be one of {', '.join(CATEGORIES)}")
    template = Template(name, text(body, "language", "language"), "", category, status="PENDING")
    for component in rows(body, "components", "components"):
        match str(component.get("type", "")).upper():
            case "BODY":
                template.body = text(component, "text", "components['text']")
            case "HEADER":
                template.header = str(component.get("text", ""))
            case "FOOTER":
                template.footer = str(component.get("text", ""))
            case "BUTTONS":
                buttons = rows(component, "buttons", "components['buttons']")
                template.buttons = tuple(text(each, "text", "buttons['text']") for each in buttons)
            case other:
                raise refused(131009, f"{other or 'nothing'} is no type of a component")
    if not template.body:
        raise refused(131008, "a component BODY is needed")
    return template
