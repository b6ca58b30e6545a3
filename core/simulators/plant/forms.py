"""A request's body, its fields checked as they are asked for; what is wrong is answered with 422."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from typing import cast

from core.simulators.plant.problems import invalid

__all__ = ["Form"]


class Form:
    """The fields of a JSON object.

    Every reader raises `ProblemError` (422) for a field that is missing or of the wrong form.
    """

    def __init__(self, body: bytes) -> None:
        try:
            found: object = json.loads(body or b"{}")
        except ValueError as error:
            raise invalid("body", "body", "JSON decode error", "json_invalid") from error
        if not isinstance(found, dict):
            raise invalid("body", "body", "Input should be a valid dictionary", "model_attributes_type")
        self._fields = cast("dict[str, object]", found)

    @classmethod
    def of(cls, fields: object) -> Form:
        """A form inside a form."""
        return cls(json.dumps(fields).encode())

    def text(self, name: str, *, longest: int = 1_000) -> str:
        """Words."""
        value = self._fields.get(name)
        if value is None:
            raise invalid("body", name, "Field required", "missing")
        if not isinstance(value, str) or not value or len(value) > longest:
            raise invalid("body", name, f"Input should be a string of 1 to {longest} characters")
        return value

    def optional_text(self, name: str) -> str | None:
        """Words that may be left out."""
        return None if self._fields.get(name) is None else self.text(name)

    def word(self, name: str, *known: str) -> str:
        """One of a few words."""
        value = self.text(name)
        if value not in known:
            raise invalid("body", name, f"Input should be {' or '.join(known)}", "enum")
        return value

    def number(self, name: str, least: int = 1) -> int:
        """A whole number."""
        value = self._fields.get(name)
        if value is None:
            raise invalid("body", name, "Field required", "missing")
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise invalid("body", name, f"Input should be greater than or equal to {least}", "int_type")
        return value

    def optional_number(self, name: str) -> int | None:
        """A whole number that may be left out."""
        return None if self._fields.get(name) is None else self.number(name)

    def amount(self, name: str) -> str:
        """An exact amount as text."""
        value = self._fields.get(name)
        if value is None:
            raise invalid("body", name, "Field required", "missing")
        try:
            amount = Decimal(str(value))
        except InvalidOperation:
            amount = Decimal(-1)
        if not amount.is_finite() or amount < 0:
            raise invalid("body", name, "Input should be a valid decimal", "decimal_parsing")
        return str(amount)

    def forms(self, name: str) -> list[Form]:
        """A list of forms, one at least."""
        value = self._fields.get(name)
        if not isinstance(value, list) or not value:
            raise invalid("body", name, "Field required", "missing")
        return [Form.of(each) for each in cast("list[object]", value)]
