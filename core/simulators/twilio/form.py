"""The parameters of a call: a form in which a name may stand several times, and unknown ones don't matter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from starlette.requests import Request

__all__ = ["Form", "read_form"]


class Form:
    """What was given. A name that is missing counts as empty."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self.pairs = tuple(pairs)

    def __contains__(self, name: str) -> bool:
        return any(name == each for each, _value in self.pairs)

    def text(self, name: str) -> str:
        """The last value of a name, as it came."""
        return next((value for each, value in reversed(self.pairs) if each == name), "")

    def all(self, name: str) -> list[str]:
        """All values of a name that aren't empty."""
        return [value for each, value in self.pairs if each == name and value]

    def moment(self, name: str) -> datetime | None:
        """A value in ISO 8601 with its offset from UTC; None without one, or if it is none."""
        try:
            moment = datetime.fromisoformat(self.text(name))
        except ValueError:
            return None
        return moment if moment.tzinfo is not None else None


async def read_form(request: Request) -> Form:
    """The parameters in the query, for reading, or in the form that was posted."""
    if request.method == "GET":
        return Form(request.query_params.multi_items())
    mime = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if mime != "application/x-www-form-urlencoded":
        return Form(())
    async with request.form() as form:
        return Form([(name, value) for name, value in form.multi_items() if isinstance(value, str)])
