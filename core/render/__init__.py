"""Renderers: a `Page` as text for a surface.

`FORMATS` lists those that a person can choose by name. Each stands in the module of its name, which is
loaded when it is first used and offers `render(page, formatter, *, width)`.
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

__all__ = ["FORMATS", "render_as"]

FORMATS: Mapping[str, str] = MappingProxyType(
    {"text": "txt", "markdown": "md", "json": "json", "csv": "csv", "html": "html"}
)
"""The formats by name, each with the extension of its files."""


def render_as(name: str, page: Page, formatter: Formatter, *, width: int = 100) -> str:
    """`page` in the format `name`; `width` is how many cells a line of plain text may take.

    Raises:
        InputError: there is no format of that name.
    """
    if name not in FORMATS:
        raise InputError(
            _("“{name}” isn't a format: choose one of {formats}.", name=name[:60], formats=", ".join(FORMATS))
        )
    render = cast("Callable[..., str]", import_module(f"core.render.{name}").render)
    return render(page, formatter, width=width)
