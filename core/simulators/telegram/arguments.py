"""What a call brings, whatever it came as: a query, a form, JSON or parts with files (telegram.md 1)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from starlette.datastructures import UploadFile
from starlette.requests import Request

from core.simulators.telegram.errors import ApiError, refused

__all__ = ["Arguments", "Upload", "read_arguments"]

_TRUE = frozenset({"true", "yes", "1"})
_LONGEST_FIELD = 1024 * 1024
_ROOM = 1024 * 1024
"""Bytes that a form may have besides the file it brings."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent."""

    name: str
    mime: str
    content: bytes


class Arguments:
    """The parameters of one call. What is missing or unreadable counts as not given, as on the server."""

    def __init__(self, values: Mapping[str, Any], files: Mapping[str, Upload] | None = None) -> None:
        self.values = dict(values)
        self.files = dict(files or {})

    def __contains__(self, name: str) -> bool:
        return name in self.values or name in self.files

    def text(self, name: str) -> str:
        """The parameter as text; empty without it."""
        value = self.values.get(name)
        if value is None:
            return ""
        if isinstance(value, bool):
            return "true" if value else "false"
        return value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str, default: int = 0) -> int:
        """The parameter as a whole number."""
        try:
            return int(self.text(name).strip())
        except ValueError:
            return default

    def flag(self, name: str) -> bool:
        """Whether the parameter says yes."""
        return self.text(name).strip().lower() in _TRUE

    def structure(self, name: str, otherwise: str = "") -> Any:
        """A nested parameter, which forms bring as JSON in a string; None without it.

        Raises:
            ApiError: it is no JSON; `otherwise` words that.
        """
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return json.loads(value)
        except ValueError as error:
            raise refused(otherwise or f"can't parse {name} JSON object") from error

    def rows(self, name: str) -> list[Any] | None:
        """A nested parameter that is a list; None without it."""
        value = self.structure(name)
        return cast("list[Any]", value) if isinstance(value, list) else None

    def fields(self, name: str) -> dict[str, Any]:
        """A nested parameter that is an object; empty without it."""
        value = self.structure(name)
        return cast("dict[str, Any]", value) if isinstance(value, dict) else {}

    def file(self, name: str) -> Upload | None:
        """The upload that `name` holds or, by `attach://`, points to."""
        found = self.files.get(name)
        if found is None and self.text(name).startswith("attach://"):
            found = self.files.get(self.text(name).removeprefix("attach://"))
        return found


async def read_arguments(request: Request, longest: int) -> Arguments:
    """The parameters of `request`, whose body may carry a file of `longest` bytes.

    Raises:
        ApiError: the body is too long, or not what its type says.
    """
    values: dict[str, Any] = dict(request.query_params)
    files: dict[str, Upload] = {}
    length = request.headers.get("content-length", "0")
    if length.isdigit() and int(length) > longest + _ROOM:
        raise ApiError(413, "Request Entity Too Large")
    mime = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if mime == "application/json":
        values |= _json_object(await request.body())
    elif mime in ("application/x-www-form-urlencoded", "multipart/form-data"):
        async with request.form(max_part_size=_LONGEST_FIELD) as form:
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    upload = Upload(value.filename or name, value.content_type or "", await value.read())
                    files[name] = upload
                else:
                    values[name] = value
    return Arguments(values, files)


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        value: object = json.loads(body or b"{}")
    except ValueError as error:
        raise refused("can't parse JSON object") from error
    if not isinstance(value, dict):
        raise refused("JSON object expected")
    return cast("dict[str, Any]", value)
