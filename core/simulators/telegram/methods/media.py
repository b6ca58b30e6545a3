"""A file with its caption as a nested parameter, of an album or of an edit (telegram.md 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.simulators.telegram.arguments import Arguments
from core.simulators.telegram.entities import Entity
from core.simulators.telegram.errors import refused
from core.simulators.telegram.methods.backend import Backend
from core.simulators.telegram.methods.texts import read_caption
from core.simulators.telegram.model import Attachment

__all__ = ["Media", "read_media"]


@dataclass(frozen=True, slots=True)
class Media:
    """A photo or a document, and what is written below it."""

    file: Attachment
    text: str
    entities: tuple[Entity, ...]


def read_media(backend: Backend, arguments: Arguments, item: Mapping[str, Any]) -> Media:
    """What an InputMedia object means; its file is one of the call's, or an earlier one by its id.

    Raises:
        ApiError: its type is unknown, its file missing or refused, its caption too long or broken.
    """
    kind = item.get("type")
    if kind not in ("photo", "document"):
        raise refused("can't parse InputMedia: type must be photo or document in this simulator")
    text, entities = read_caption(arguments, item)
    file = backend.files.attach(Arguments({"media": item.get("media")}, arguments.files), "media", kind)
    return Media(file, text, entities)
