"""Renderers: a `Page` as text for a surface, or as a file.

`FORMATS` lists those that a person can choose by name, `FILE_FORMATS` also those that are no text and so can
only be files. Each stands in the module of its name, which is loaded when it is first used and offers
`render(page, formatter, *, width)`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from core.errors import InputError
from core.message import _

if TYPE_CHECKING:
    from core.page import Page
    from core.render.values import Formatter

__all__ = ["FILE_FORMATS", "FORMATS", "file_as", "render_as"]

FORMATS: Mapping[str, str] = MappingProxyType(
    {"text": "txt", "markdown": "md", "json": "json", "csv": "csv", "html": "html"}
)
"""The formats that are text, by name, each with the extension of its files."""

FILE_FORMATS: Mapping[str, str] = MappingProxyType({**FORMATS, "pdf": "pdf"})
"""The formats that a file can have, by name, each with its extension."""


def render_as(name: str, page: Page, formatter: Formatter, *, width: int = 100) -> str:
    """`page` in the format `name`; `width` is how many cells a line of plain text may take.

    Raises:
        InputError: there is no format of that name, or it is no text.
    """
    if name in FILE_FORMATS and name not in FORMATS:
        raise InputError(_("“{name}” isn't text: write it to a file.", name=name))
    render = cast("Callable[..., str]", _renderer(name))
    return render(page, formatter, width=width)


def file_as(name: str, page: Page, formatter: Formatter, *, width: int = 100) -> bytes:
    """`page` as the content of a file of the format `name`.

    Drawing takes a while where there are pictures (a PDF): to be called off the event loop then.

    Raises:
        InputError: there is no format of that name.
    """
    if name in FORMATS:
        return render_as(name, page, formatter, width=width).encode("utf-8")
    render = cast("Callable[..., bytes]", _renderer(name))
    return render(page, formatter, width=width)


def _renderer(name: str) -> object:
    if name not in FILE_FORMATS:
        known = ", ".join(FILE_FORMATS)
        raise InputError(
            _("“{name}” isn't a format: choose one of {formats}.", name=name[:60], formats=known)
        )
    return import_module(f"core.render.{name}").render
