"""Blocks of words: a conversation, a code to pass on, a remark."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.message import Message, _
from core.page.lowered import Column, Document, Fact, Facts, Kind, Place, Row, Table
from core.units import Instant, Severity

__all__ = ["Code", "Conversation", "Note", "Utterance"]


@dataclass(frozen=True, slots=True)
class Utterance:
    """What one side of a conversation said."""

    at: datetime
    author: str
    text: str
    internal: bool = False


@dataclass(frozen=True, slots=True)
class Conversation:
    """What was said, oldest first."""

    key: str
    title: Message
    utterances: tuple[Utterance, ...]
    place: Place = Place.MAIN

    def lower(self) -> Table:
        columns = (
            Column("at", _("Time"), Kind.MOMENT, 1),
            Column("author", _("Author"), Kind.TEXT, 1),
            Column("text", _("Text"), Kind.TEXT, 1),
        )
        rows = tuple(
            Row(str(index), (Instant(said.at), said.author, said.text))
            for index, said in enumerate(self.utterances)
        )
        return Table(self.key, self.title, columns, rows, len(rows), len(rows), place=self.place)


@dataclass(frozen=True, slots=True)
class Code:
    """A pairing code, which a surface may also draw as a QR code of `link`."""

    key: str
    title: Message
    code: str
    link: str
    expires: datetime
    place: Place = Place.SIDE

    def lower(self) -> Facts:
        facts = (Fact(_("Code"), self.code), Fact(_("Valid until"), Instant(self.expires)))
        return Facts(self.key, self.title, facts, self.place)


@dataclass(frozen=True, slots=True)
class Note:
    """A remark: one sentence with a severity."""

    key: str
    text: Message
    severity: Severity = Severity.NOTICE
    place: Place = Place.WIDE

    @property
    def title(self) -> Message:
        return _("Note")

    def lower(self) -> Document:
        return Document(self.key, self.title, (self.text,), self.place)
