"""What a script is made of: people and groups, what they do, and what has to appear."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = [
    "Action",
    "Expectation",
    "ExpectationKind",
    "FileKind",
    "Group",
    "GroupKind",
    "Person",
    "Presses",
    "Reads",
    "Rest",
    "Sends",
    "Step",
    "Writes",
]

GroupKind: TypeAlias = Literal["group", "supergroup", "channel"]
FileKind: TypeAlias = Literal["image", "document", "audio", "video", "location"]
ExpectationKind: TypeAlias = Literal[
    "text", "button", "photo", "document", "audio", "video", "template", "nothing"
]


@dataclass(frozen=True, slots=True)
class Person:
    """Someone with a phone."""

    name: str
    id: int
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Group:
    """A chat of several, and the names of those in it."""

    name: str
    id: int
    kind: GroupKind
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Writes:
    """`who` writes `text`; `place` names a group, and is empty for the private chat."""

    line: int
    who: str
    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Presses:
    """`who` presses a button, by its label or, when that is empty, by its position from 1."""

    line: int
    who: str
    place: str
    label: str
    position: int


@dataclass(frozen=True, slots=True)
class Sends:
    """`who` sends a file called `name`, or a place whose coordinates are its name; `caption` goes with it."""

    line: int
    who: str
    place: str
    kind: FileKind
    name: str
    caption: str


@dataclass(frozen=True, slots=True)
class Reads:
    """`who` reads what has come."""

    line: int
    who: str
    place: str


@dataclass(frozen=True, slots=True)
class Expectation:
    """What has to appear since the last thing done: any of the `texts`, a button, a file, or silence.

    `texts` are the words, the labels of the button, the name of a template or, for a document, a shell-like
    pattern for its name.
    `who` is empty for the one who did the last thing; `silence` is how many seconds nothing may come.
    """

    line: int
    who: str
    place: str
    kind: ExpectationKind
    texts: tuple[str, ...] = ()
    silence: float = 0.0

    def __str__(self) -> str:
        match self.kind:
            case "text":
                return " or ".join(f"“{text}”" for text in self.texts)
            case "button":
                return "a button " + " or ".join(f"[{label}]" for label in self.texts)
            case "nothing":
                return f"nothing for {self.silence:g} s"
            case "document" | "template":
                return f"a {self.kind} {self.texts[0]}"
            case "photo" | "audio" | "video":
                return f"a {self.kind}"


@dataclass(frozen=True, slots=True)
class Rest:
    """Nothing is done for some seconds."""

    line: int
    seconds: float


Action: TypeAlias = Writes | Presses | Sends | Reads
Step: TypeAlias = Action | Expectation | Rest
