"""A session on a phone, written down: who writes and presses what, and what has to appear.

A script is read line by line; indentation means nothing, and a line that begins with # is a comment.

    title  The owner looks at a location
    limit  10s                                  how long each answer may take (10 s)
    person Ana 5001 en                          a user, their id (or telephone) and their app's language
    group  Operations -500: Ana                 a group (or supergroup, channel) and its members

    Ana: /status                                says it, in the private chat with the bot
        sees "Reception" or "Recepción"         one of the bot's messages since then says this
        sees [Wi-Fi networks]                   ... or has this button (or any of several)
        sees photo                              ... or a picture (or audio, video)
        sees document *.csv                     ... or a file of that name
        sees template order_completed           ... or was made of that approved text
        sees nothing 2s                         the bot stays silent for so long
    Ana presses [Wi-Fi networks]                the newest button with this label, or with it in its label
    Ana presses button 2                        the second button of the newest keyboard
    Ana sends image fault.jpg "Look at this"    a file, or document, audio, video; the words are its caption
    Ana sends location 36.72,-4.42 "Pier 4"     a place
    Ana reads                                   what came is read, without an answer
    Ana in Operations: /help                    in a group
    Ana in Operations presses [Open]
    Ben sees "The harbour is down"              someone else's phone
    wait 5s

Letter case, white space and the shape of apostrophes don't matter in what is seen. `$NAME` is replaced by a
value that is given from outside, as a pairing code; `$$` is a dollar sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from string import Template
from typing import Final, cast

from core.simulators.phone.steps import (
    Expectation,
    ExpectationKind,
    FileKind,
    Group,
    GroupKind,
    Person,
    Presses,
    Reads,
    Rest,
    Sends,
    Step,
    Writes,
)

__all__ = ["Script", "ScriptError"]

_LIMIT = 10.0
_NAME = r"(?P<who>[^\W\d]\w*)"
_PLACE = r"(?: in (?P<place>[^\W\d]\w*))?"
_SECONDS = r"(?P<seconds>\d+(?:\.\d+)?)\s*s"
_TITLE = re.compile(r"title\s+(?P<title>.+)")
_PERSON = re.compile(rf"person\s+{_NAME}\s+\+?(?P<id>\d+)(?:\s+(?P<language>[a-zA-Z-]+))?")
_GROUP = re.compile(rf"(?P<kind>group|supergroup|channel)\s+{_NAME}\s+(?P<id>-\d+)\s*:\s*(?P<members>.+)")
_LIMIT_LINE = re.compile(rf"limit\s+{_SECONDS}")
_WAIT = re.compile(rf"wait\s+{_SECONDS}")
_WRITES = re.compile(rf"{_NAME}{_PLACE}\s*:\s?(?P<text>.+)")
_PRESSES = re.compile(rf"{_NAME}{_PLACE}\s+presses\s+(?:\[(?P<label>.+)\]|button\s+(?P<position>\d+))")
_SENDS = re.compile(
    rf"{_NAME}{_PLACE}\s+sends\s+(?P<kind>image|document|audio|video|location)"
    r'(?:\s+(?P<name>[^\s"]+))?(?:\s+"(?P<caption>[^"]*)")?'
)
_READS = re.compile(rf"{_NAME}{_PLACE}\s+reads")
_SEES = re.compile(rf"(?:{_NAME}{_PLACE}\s+)?sees\s+(?P<what>.+)")
_QUOTED = re.compile(r'"([^"]*)"')
_LABEL = re.compile(r"\[([^\]]+)\]")
_BUTTONS = re.compile(rf"{_LABEL.pattern}(?:\s+or\s+{_LABEL.pattern})*")
_NOTHING = re.compile(rf"nothing\s+{_SECONDS}")
_PICTURES: Final = ("photo", "image")


class ScriptError(ValueError):
    """A line can't be read; the text names it."""


@dataclass(frozen=True, slots=True)
class Script:
    """A session. `limit` is how many seconds the bot has for each answer."""

    title: str
    people: tuple[Person, ...]
    groups: tuple[Group, ...]
    steps: tuple[Step, ...]
    limit: float = _LIMIT

    @classmethod
    def read(cls, text: str, values: Mapping[str, str] | None = None) -> Script:
        """The script that `text` is, with `values` for what it leaves open.

        Raises:
            ScriptError: a line can't be read, names nobody known, or needs a value that isn't given.
        """
        draft = _Draft()
        for number, line in enumerate(text.splitlines(), 1):
            stripped = line.strip()
            if not stripped or stripped.startswith("#"):
                continue
            try:
                stripped = Template(stripped).substitute(values or {})
                draft.add(number, stripped)
            except KeyError as error:
                raise ScriptError(f"Line {number} needs a value for {error.args[0]}.") from error
            except ValueError as error:
                raise ScriptError(f"Line {number}: {error}") from error
        if not draft.people:
            raise ScriptError("The script has no person.")
        return cls(draft.title, tuple(draft.people), tuple(draft.groups), tuple(draft.steps), draft.limit)


@dataclass(slots=True)
class _Draft:
    """A script as far as it is read."""

    title: str = ""
    limit: float = _LIMIT
    people: list[Person] = field(default_factory=list[Person])
    groups: list[Group] = field(default_factory=list[Group])
    steps: list[Step] = field(default_factory=list[Step])

    def add(self, number: int, line: str) -> None:
        """Take one line in.

        Raises:
            ValueError: it is no line of a script.
        """
        if (found := _TITLE.fullmatch(line)) is not None:
            self.title = found["title"]
        elif (found := _LIMIT_LINE.fullmatch(line)) is not None:
            self.limit = float(found["seconds"])
        elif (found := _PERSON.fullmatch(line)) is not None:
            self.people.append(Person(found["who"], int(found["id"]), found["language"] or "en"))
        elif (found := _GROUP.fullmatch(line)) is not None:
            members = tuple(name.strip() for name in found["members"].split(","))
            for name in members:
                self._check(name)
            kind = cast("GroupKind", found["kind"])
            self.groups.append(Group(found["who"], int(found["id"]), kind, members))
        elif (found := _WAIT.fullmatch(line)) is not None:
            self.steps.append(Rest(number, float(found["seconds"])))
        else:
            self.steps.append(self._step(number, line))

    def _step(self, number: int, line: str) -> Step:
        step: Step
        if (found := _PRESSES.fullmatch(line)) is not None:
            label, position = found["label"] or "", int(found["position"] or 0)
            step = Presses(number, found["who"], found["place"] or "", label, position)
        elif (found := _SENDS.fullmatch(line)) is not None:
            kind, name = cast("FileKind", found["kind"]), found["name"] or ""
            step = Sends(number, found["who"], found["place"] or "", kind, name, found["caption"] or "")
        elif (found := _READS.fullmatch(line)) is not None:
            step = Reads(number, found["who"], found["place"] or "")
        elif (found := _SEES.fullmatch(line)) is not None:
            if not found["who"] and not self._acted:
                raise ValueError("nobody has done anything yet, so say who sees it")
            step = _expectation(number, found["who"] or "", found["place"] or "", found["what"])
        elif (found := _WRITES.fullmatch(line)) is not None:
            step = Writes(number, found["who"], found["place"] or "", found["text"])
        else:
            raise ValueError(f"“{line[:60]}” isn’t understood")
        if step.who:
            self._check(step.who)
        if step.place and step.place not in {group.name for group in self.groups}:
            raise ValueError(f"there is no group {step.place}")
        return step

    @property
    def _acted(self) -> bool:
        return any(isinstance(step, (Writes, Presses, Sends, Reads)) for step in self.steps)

    def _check(self, name: str) -> None:
        if name not in {person.name for person in self.people}:
            raise ValueError(f"there is no person {name}")


def _expectation(number: int, who: str, place: str, what: str) -> Expectation:
    if (found := _NOTHING.fullmatch(what)) is not None:
        return Expectation(number, who, place, "nothing", silence=float(found["seconds"]))
    if what in _PICTURES:
        return Expectation(number, who, place, "photo")
    if what in ("audio", "video"):
        return Expectation(number, who, place, cast("ExpectationKind", what))
    kind, _space, pattern = what.partition(" ")
    if kind in ("document", "template"):
        return Expectation(number, who, place, cast("ExpectationKind", kind), (pattern.strip() or "*",))
    if _BUTTONS.fullmatch(what):
        labels = tuple(_LABEL.findall(what))
        return Expectation(number, who, place, "button", labels)
    return Expectation(number, who, place, "text", tuple(_alternatives(what)))


def _alternatives(what: str) -> Iterator[str]:
    if _QUOTED.sub("", what).replace("or", "").strip() or not _QUOTED.search(what):
        raise ValueError(f"“{what[:60]}” is nothing to be seen; put words in quotes")
    yield from _QUOTED.findall(what)
