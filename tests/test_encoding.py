"""Vocabulary objects as JSON and back: without loss, and nothing but the vocabulary."""

from __future__ import annotations

import contextlib
import dataclasses
import enum
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import event, message, page, query, units
from core.encoding import decode, encode
from core.event import Event, RecordedEvent
from core.message import Message, _, plural
from core.page import Action, Block, Freshness, Kind, Place, SourceState
from core.query import TableQuery
from core.units import Absent, Instant, Money, Quantity, Severity, Share, Span, State, Unit
from tests.render.sample import CORPUS, every_block, repr_of
from tests.render.sample import page as sample_page

NOON = datetime(2026, 7, 1, 12, 0, 0, 123_456, tzinfo=UTC)

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
)
MOMENTS = st.builds(
    lambda microseconds, minutes: (
        datetime.fromtimestamp(0, timezone(timedelta(minutes=minutes))) + timedelta(microseconds=microseconds)
    ),
    st.integers(-(10**16), 10**17),
    st.integers(-14 * 60, 14 * 60),
)
WORDS = st.text(max_size=8)
MESSAGES = st.recursive(
    st.builds(Message, WORDS),
    lambda inner: st.builds(
        Message,
        WORDS,
        st.lists(st.tuples(WORDS, inner | st.integers() | WORDS), max_size=3).map(tuple),
        st.none() | WORDS,
    ),
    max_leaves=5,
)
VALUES = (
    st.builds(Absent, MESSAGES)
    | st.builds(Quantity, st.floats(allow_nan=False), st.sampled_from(Unit), st.integers(0, 5))
    | st.builds(Money, st.decimals(allow_nan=False, allow_infinity=False), st.just("EUR"))
    | st.builds(Instant, MOMENTS, st.booleans())
    | st.builds(Span, st.timedeltas())
    | st.builds(Share, st.floats(allow_nan=False))
    | st.builds(State, st.sampled_from(Severity), MESSAGES | WORDS)
    | MESSAGES
    | WORDS
    | st.integers()
)


def round_trip(value: object) -> object:
    text = encode(value)
    assert "\n" not in text
    return decode(text.encode("utf-8", "surrogatepass"))


@given(VALUES)
def test_values_come_back_as_they_were(value: object) -> None:
    found = round_trip(value)
    assert found == value
    assert type(found) is type(value)


@given(st.dictionaries(WORDS, SCALARS, max_size=4))
def test_facts_come_back_as_they_were(facts: dict[str, object]) -> None:
    found = round_trip(facts)
    assert found == facts
    assert [type(each) for each in facts.values()] == [type(each) for each in found.values()]  # type: ignore[attr-defined]


@pytest.mark.parametrize("block", every_block("Reception"), ids=lambda block: type(block).__name__)
def test_every_block_comes_back_as_it_was(block: Block) -> None:
    assert round_trip(block) == block


@pytest.mark.parametrize("name", CORPUS, ids=repr_of)
def test_a_whole_page_comes_back_with_any_foreign_text(name: str) -> None:
    made = sample_page(
        name,
        actions=(Action("pod", _("Open"), (("pod", name),), _("not now")),),
        source_state=SourceState(Freshness.STALE, NOON, _("{why}", why=name), NOON),
        at=NOON,
    )
    assert round_trip(made) == made


@pytest.mark.parametrize(
    "member",
    [*Unit, *Severity, *Kind, *Place, *Freshness],
    ids=lambda each: f"{type(each).__name__}.{each.name}",
)
def test_every_word_of_every_list_comes_back_as_itself(member: enum.Enum) -> None:
    assert round_trip(member) is member


def test_what_is_as_its_class_has_it_by_default_is_not_written_and_may_be() -> None:
    assert encode(_("File")) == '{"$":"Message","id":"File"}'
    assert decode('{"$":"Message","id":"File","arguments":[],"many":null}') == _("File")


def test_events_come_back_as_they_were() -> None:
    facts = {"pod": "SIMPOD0001", "minutes": 5, "share": 0.5, "first": True, "left": None}
    made = Event(
        "network.pod.offline",
        "network",
        "pod:1",
        Severity.SERIOUS,
        plural("{count} x", "{count} xs", 2),
        NOON,
        facts,
        "k",
    )
    assert round_trip(made) == made
    assert round_trip(RecordedEvent(3, NOON, made)) == RecordedEvent(3, NOON, made)


def test_a_query_comes_back_as_it_was() -> None:
    asked = TableQuery("!yard", "name", True, 10, 20)
    assert round_trip(asked) == asked


def test_everything_the_vocabulary_declares_can_be_read_back() -> None:
    """Whoever adds a class to one of these modules gets it encoded without asking."""
    tried = {type(each) for each in _parts((sample_page(), _event()))} | {Money, TableQuery, Action}
    declared = {
        kind
        for module in (message, units, query, page, event)
        for kind in vars(module).values()
        if isinstance(kind, type) and dataclasses.is_dataclass(kind) and kind.__module__ == module.__name__
    }
    assert declared - tried == set()


@pytest.mark.parametrize(
    "length",
    [timedelta.max, timedelta.min, timedelta(microseconds=1), timedelta(days=200_000, microseconds=1)],
)
def test_lengths_of_time_keep_every_microsecond(length: timedelta) -> None:
    assert round_trip(length) == length


def test_moments_are_kept_in_utc() -> None:
    found = round_trip(datetime(2026, 7, 1, 15, 0, tzinfo=timezone(timedelta(hours=3))))
    assert isinstance(found, datetime)
    assert found.isoformat() == "2026-07-01T12:00:00+00:00"


def test_lists_come_back_as_tuples_so_that_values_stay_frozen() -> None:
    assert round_trip([1, [2.5, "x"], None]) == (1, (2.5, "x"), None)


@dataclass(frozen=True)
class Foreign:
    name: str = "x"


@pytest.mark.parametrize(
    "value", [object(), {1, 2}, b"x", Exception(), Quantity], ids=lambda value: type(value).__name__
)
def test_what_is_no_vocabulary_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="vocabulary"):
        encode(value)


def test_a_class_of_somebody_elses_can_be_written_but_never_made() -> None:
    with pytest.raises(ValueError, match="vocabulary"):
        decode(encode(Foreign()))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "{}",
        '{"a": 1}',
        '{"$": "Path", "is": "/etc"}',
        '{"$": "Language"}',
        '{"$": "object"}',
        '{"$": ["Quantity"]}',
        '{"$": null}',
        '{"$": "Quantity"}',
        '{"$": "Quantity", "value": 1, "__class__": 2}',
        '{"$": "Severity", "is": "TERRIBLE"}',
        '{"$": "Severity", "is": "__class__"}',
        '{"$": "Severity"}',
        '{"$": "datetime", "is": "noon"}',
        '{"$": "datetime", "is": 5}',
        '{"$": "timedelta", "is": "x"}',
        '{"$": "timedelta", "is": 1e400}',
        '{"$": "Decimal", "is": "x"}',
        '{"$": "dict", "is": 5}',
        '{"$": "dict", "is": [[1]]}',
        '{"$": "dict", "is": [[["a"], 1], [{"$": "dict", "is": []}, 2]]}',
        "[" * 100_000,
    ],
    ids=lambda text: text[:50],
)
def test_what_encode_did_not_write_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  json's own words, or ours
        decode(text)


@given(
    st.recursive(
        SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["$", "is", "value"]), inner)
    )
)
def test_any_json_is_read_or_refused(plain: object) -> None:
    with contextlib.suppress(ValueError):
        decode(json.dumps(plain))


def _event() -> RecordedEvent:
    return RecordedEvent(1, NOON, Event("a.b", "a", "b:c", Severity.GOOD, _("x"), NOON))


def _parts(value: object) -> list[object]:
    """The value and every value inside it."""
    if isinstance(value, tuple):
        return [part for each in value for part in _parts(each)]
    if dataclasses.is_dataclass(value):
        inside = tuple(getattr(value, field.name) for field in dataclasses.fields(value))
        return [value, *_parts(inside)]
    return [value]
