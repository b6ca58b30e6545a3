"""The one registry of keys: it feeds the bindings, the footer, the help and the palette.

A key has a name, by which a person may give it other keys in the settings file. A remapping that names no
key, or takes a key that another action has, is refused with a sentence; the rest of the map stays in use.
"""

from __future__ import annotations

import difflib
import enum
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from textual.binding import Binding

from core.message import Message, _
from core.text import clean

__all__ = ["KEYS", "Group", "Key", "Keymap"]


class Group(enum.Enum):
    """Where the help lists a key."""

    MOVE = "Move"
    VIEW = "Views"
    TABLE = "Tables"
    TIME = "Time"
    PAGE = "This page"
    APP = "Console"

    @property
    def title(self) -> Message:
        """The group's heading."""
        return _GROUP_TITLES[self]


_GROUP_TITLES = {
    Group.MOVE: _("Move"),
    Group.VIEW: _("Views"),
    Group.TABLE: _("Tables"),
    Group.TIME: _("Time"),
    Group.PAGE: _("This page"),
    Group.APP: _("Console"),
}


@dataclass(frozen=True, slots=True)
class Key:
    """Something keys can do: its name, its keys, a short label for the footer and a line for the help."""

    name: str
    keys: tuple[str, ...]
    label: Message
    help: Message
    group: Group

    @property
    def action(self) -> str:
        """The deck's action method of this key."""
        return self.name.replace("-", "_")


KEYS: tuple[Key, ...] = (
    Key("down", ("j", "down"), _("down"), _("one row down"), Group.MOVE),
    Key("up", ("k", "up"), _("up"), _("one row up"), Group.MOVE),
    Key("left", ("h", "left"), _("left"), _("the block on the left"), Group.MOVE),
    Key("right", ("l", "right"), _("right"), _("the block on the right"), Group.MOVE),
    Key("top", ("g", "home"), _("top"), _("the first row"), Group.MOVE),
    Key("bottom", ("G", "end"), _("bottom"), _("the last row"), Group.MOVE),
    Key("half-down", ("ctrl+d", "pagedown"), _("half down"), _("half a page down"), Group.MOVE),
    Key("half-up", ("ctrl+u", "pageup"), _("half up"), _("half a page up"), Group.MOVE),
    Key("next-block", ("tab",), _("next block"), _("the next block"), Group.MOVE),
    Key("previous-block", ("shift+tab",), _("previous block"), _("the previous block"), Group.MOVE),
    Key("open", ("enter",), _("open"), _("open what the cursor is on"), Group.VIEW),
    Key("back", ("escape",), _("back"), _("back; clears a filter, ends a zoom"), Group.VIEW),
    Key("last", ("-",), _("last view"), _("return to the view before this one"), Group.VIEW),
    Key("scope", ("o",), _("where"), _("choose what the views are of"), Group.VIEW),
    Key("zoom", ("z",), _("zoom"), _("the block alone, and back"), Group.VIEW),
    Key("filter", ("slash",), _("filter"), _("only rows with these words (!word: without)"), Group.TABLE),
    Key("sort", ("s",), _("sort"), _("sort by the next column"), Group.TABLE),
    Key("reverse", ("S",), _("reverse"), _("turn the order around"), Group.TABLE),
    Key("mark", ("space",), _("mark"), _("mark the row, for copying"), Group.TABLE),
    Key("range", ("t",), _("range"), _("the next time range"), Group.TIME),
    Key("earlier", ("left_square_bracket",), _("earlier"), _("one step back in time"), Group.TIME),
    Key("later", ("right_square_bracket",), _("later"), _("one step towards the present"), Group.TIME),
    Key("live", ("backslash",), _("live"), _("return to the present"), Group.TIME),
    Key("pause", ("p",), _("pause"), _("stop refreshing, and go on"), Group.TIME),
    Key("refresh", ("r",), _("refresh"), _("ask the sources now"), Group.PAGE),
    Key("actions", ("a",), _("act"), _("what can be done here"), Group.PAGE),
    Key("copy", ("y",), _("copy"), _("copy marked rows, row or block"), Group.PAGE),
    Key("export", ("e",), _("export"), _("write this page to a file"), Group.PAGE),
    Key("help", ("question_mark",), _("help"), _("this help"), Group.APP),
    Key("palette", ("ctrl+p",), _("palette"), _("find anything"), Group.APP),
    Key("quit", ("q",), _("quit"), _("leave opsdeck"), Group.APP),
)  # fmt: skip

_DIGITS = frozenset("0123456789")
_TAKEN = frozenset({"ctrl+q", "ctrl+c"})
_KEY_FORM = re.compile(r"(?:(?:ctrl|shift|alt|super)\+)*(?:[a-z][a-z0-9_]*|[^\W\d_]|\d|f\d{1,2})")
_NAMES_OF_CHARACTERS = {
    "/": "slash", "\\": "backslash", "[": "left_square_bracket", "]": "right_square_bracket",
    "?": "question_mark", "-": "minus", "esc": "escape", "return": "enter", " ": "space",
    ".": "full_stop", ";": "semicolon", ":": "colon", "+": "plus", "=": "equals_sign", "<": "less_than_sign",
    ">": "greater_than_sign", "'": "apostrophe", "#": "number_sign", "*": "asterisk", "!": "exclamation_mark",
}  # fmt: skip
_SHOWN = {
    "slash": "/", "backslash": "\\", "left_square_bracket": "[", "right_square_bracket": "]",
    "question_mark": "?", "minus": "-", "escape": "esc", "space": "space", "pagedown": "pgdn",
    "pageup": "pgup", "down": "↓", "up": "↑", "left": "←", "right": "→",
    "full_stop": ".", "semicolon": ";", "colon": ":", "plus": "+",
    "equals_sign": "=", "less_than_sign": "<", "greater_than_sign": ">", "apostrophe": "'",
    "number_sign": "#", "asterisk": "*", "exclamation_mark": "!",
}  # fmt: skip


class Keymap:
    """Which keys do what, a person's own choices included."""

    def __init__(self, keys: Mapping[str, tuple[str, ...]]) -> None:
        self._keys = keys

    @classmethod
    def resolve(cls, remaps: Mapping[str, str]) -> tuple[Keymap, tuple[Message, ...]]:
        """The map with a person's `remaps` in it, and a sentence for each one that was refused."""
        keys = {key.name: tuple(map(_canonical, key.keys)) for key in KEYS}
        complaints: list[Message] = []
        wanted: dict[str, tuple[str, ...]] = {}
        for name, text in remaps.items():
            if name not in keys:
                complaints.append(_unknown(name, keys))
                continue
            chosen = tuple(_canonical(part) for part in text.split(",") if part.strip())
            bad = [part for part in chosen if not _KEY_FORM.fullmatch(part)]
            if bad or not chosen:
                complaints.append(
                    _("Key “{name}”: “{key}” is no key.", name=name, key=clean(", ".join(bad) or text, 40))
                )
            else:
                wanted[name] = chosen
        for name, chosen in wanted.items():
            owners = _owners({**keys, **wanted}, besides=name)
            clashes = [key for key in chosen if key in owners]
            if clashes:
                complaints.append(
                    _(
                        "Key “{name}”: {key} already does “{other}”.",
                        name=name,
                        key=shown(clashes[0]),
                        other=owners[clashes[0]],
                    )
                )
            else:
                keys[name] = chosen
        return cls(keys), tuple(complaints)

    def keys(self, name: str) -> tuple[str, ...]:
        """The keys of that name, as Textual writes them."""
        return self._keys[name]

    def shown(self, name: str) -> str:
        """The first key of that name, as people write it."""
        return shown(self._keys[name][0])

    def all_shown(self, name: str) -> str:
        """Every key of that name, as people write them."""
        return " ".join(shown(key) for key in self._keys[name])

    def textual(self) -> dict[str, str]:
        """The map for `App.set_keymap`: remapped keys alone, since Textual walks it at every key press."""
        own = {key.name: tuple(map(_canonical, key.keys)) for key in KEYS}
        return {name: ",".join(keys) for name, keys in self._keys.items() if keys != own[name]}

    @staticmethod
    def bindings() -> Iterator[Binding]:
        """The bindings of the deck, under the names of their keys, and the digits."""
        for key in KEYS:
            yield Binding(",".join(map(_canonical, key.keys)), key.action, show=False, id=key.name)
        for digit in sorted(_DIGITS):
            yield Binding(digit, f"jump('{digit}')", show=False)


def shown(key: str) -> str:
    """A key as people write it."""
    *modifiers, last = key.split("+") if key != "+" else [key]
    prefix = "".join("^" if modifier == "ctrl" else f"{modifier}+" for modifier in modifiers)
    return prefix + _SHOWN.get(last, last)


def _canonical(key: str) -> str:
    key = key.strip() or "space"
    if len(key) == 1 and key not in _NAMES_OF_CHARACTERS:
        return key
    *modifiers, last = key.split("+") if len(key) > 1 else [key]
    last = _NAMES_OF_CHARACTERS.get(last.lower() if len(last) > 1 else last, last)
    return "+".join([*(modifier.lower() for modifier in modifiers), last.lower() if len(last) > 1 else last])


def _owners(keys: Mapping[str, tuple[str, ...]], besides: str) -> dict[str, str]:
    """Which name has each key, those of `besides` left out."""
    owners = {key: name for name, held in keys.items() if name != besides for key in held}
    return {**dict.fromkeys(_DIGITS, "panes"), **dict.fromkeys(_TAKEN, "the terminal"), **owners}


def _unknown(name: str, keys: Mapping[str, object]) -> Message:
    near = difflib.get_close_matches(name, keys, n=1)
    if near:
        return _("Key “{name}” isn't known; did you mean “{near}”?", name=clean(name, 40), near=near[0])
    return _("Key “{name}” isn't known.", name=clean(name, 40))
