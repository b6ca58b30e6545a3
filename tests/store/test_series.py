"""Time series: what is written, in any order, reads as a plain list of remembered writes would."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.moment import FrozenClock, Window, from_epoch, to_epoch
from core.store.series import (
    Bucket,
    Sample,
    SeriesKey,
    SeriesSamples,
    bucket_for,
    latest,
    latest_of_all,
    levels_of,
    load_history,
    read_buckets,
    read_raw,
    write_many,
    write_samples,
)
from core.store.store import Store

KEY = SeriesKey("network", "L1", "wan.rx_mbytes")
DAY = 86_400
_numbers = count()


@dataclass
class RememberedWrites:
    """The naive model: every write with the second it was made in."""

    writes: list[tuple[int, int, float | None]] = field(default_factory=list)

    def write(self, second: int, samples: Iterable[Sample]) -> None:
        self.writes += [(second, time, value) for time, value in samples]

    def known(self, at: int) -> dict[int, float | None]:
        return {time: value for second, time, value in self.writes if second <= at and time <= at}

    def buckets(
        self, start: int, end: int, length: int, at: int
    ) -> dict[int, tuple[float, float, float, int]]:
        found: dict[int, list[float]] = {}
        for time, value in self.known(at).items():
            bucket = time // length * length
            if value is not None and start // length * length <= bucket < end:
                found.setdefault(bucket, []).append(value)
        return {b: (min(v), max(v), math.fsum(v), len(v)) for b, v in found.items()}

    def latest(self, at: int) -> tuple[int, float] | None:
        return max(((t, v) for t, v in self.known(at).items() if v is not None), default=None)


def as_tuples(buckets: Iterable[Bucket]) -> dict[int, tuple[float, float, float, int]]:
    return {
        b.start: (b.low, b.high, pytest.approx(b.total, rel=1e-9, abs=1e-6), b.count)  # type: ignore[misc]
        for b in buckets
    }


values = st.one_of(st.none(), st.integers(-5, 5), st.floats(-1e6, 1e6, allow_nan=False, width=32))
rounds = st.lists(
    st.tuples(
        st.sampled_from([0, 1, 59, 900, 5_000, 50_000]),
        st.lists(
            st.tuples(st.sampled_from([-60, -59, -30, -3, -2, -1, 0, 1, 30]), values), min_size=1, max_size=8
        ),
    ),
    min_size=1,
    max_size=7,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    rounds=rounds,
    step=st.sampled_from([60, 300, 900, 7_200, DAY]),
    asked=st.lists(st.integers(0, 20), max_size=5),
)
async def test_reads_agree_with_remembered_writes(
    store: Store, clock: FrozenClock, rounds: list[tuple[int, list[Sample]]], step: int, asked: list[int]
) -> None:
    key = SeriesKey("network", f"random {next(_numbers)}", "x")
    model = RememberedWrites()
    base = to_epoch(clock.now()) // step * step
    for wait, slots in rounds:
        clock.advance(wait)
        samples = [(base + slot * step, value) for slot, value in slots]
        async with store.writing() as transaction:
            await write_samples(transaction, key, samples, step=step)
        model.write(to_epoch(clock.now()), samples)
    now = to_epoch(clock.now())
    telling = sorted({second + aside for second, _time, _value in model.writes for aside in (-1, 0, 1)})
    moments = {now, now + 40 * step, *(telling[index % len(telling)] for index in asked)}
    window = Window(from_epoch(base - 50 * step), from_epoch(base + 20 * step))
    async with store.reading() as connection:
        for at in moments:
            known = sorted(i for i in model.known(at).items() if from_epoch(i[0]) in window)
            assert await read_raw(connection, key, window, from_epoch(at)) == known
            assert await latest(connection, key, from_epoch(at)) == model.latest(at)
            for length in (900, 3_600, 21_600, DAY, 3 * DAY):
                read = await read_buckets(connection, key, window, length, from_epoch(at))
                expected = model.buckets(to_epoch(window.start), to_epoch(window.end), length, at)
                assert as_tuples(read) == expected
                assert [b.start for b in read] == sorted(expected)


async def test_a_late_sample_does_not_show_in_the_past_it_was_missing_from(store: Store, clock) -> None:
    slot = to_epoch(clock.now()) - 900
    before = clock.now()
    clock.advance(7_200)
    async with store.writing() as transaction:
        await write_samples(transaction, KEY, [(slot, 12.0)], step=900, unit="MB")
    window = Window.last(timedelta(days=1), clock.now())
    async with store.reading() as connection:
        assert await read_raw(connection, KEY, window, before + timedelta(hours=1)) == []
        assert await read_raw(connection, KEY, window, clock.now()) == [(slot, 12.0)]


async def test_a_corrected_sample_keeps_what_the_past_showed(store: Store, clock: FrozenClock) -> None:
    slot = to_epoch(clock.now()) - 900
    seen = []
    for value in (10.0, 20.0, None):
        async with store.writing() as transaction:
            await write_samples(transaction, KEY, [(slot, value)], step=900)
        seen.append((clock.now(), value))
        clock.advance(900)
    window = Window.last(timedelta(days=1), clock.now())
    async with store.reading() as connection:
        for moment, value in seen:
            assert await read_raw(connection, KEY, window, moment) == [(slot, value)]
            buckets = await read_buckets(connection, KEY, window, DAY, moment)
            assert [b.mean for b in buckets] == ([] if value is None else [value])


async def test_a_missing_value_is_a_gap_and_never_a_zero(store: Store, clock: FrozenClock) -> None:
    start = to_epoch(clock.now()) // DAY * DAY - DAY
    samples = [(start, 4.0), (start + 900, None), (start + 1_800, math.nan), (start + 2_700, math.inf)]
    async with store.writing() as transaction:
        await write_samples(transaction, KEY, samples, step=900)
    window = Window(from_epoch(start), from_epoch(start + DAY))
    async with store.reading() as connection:
        raw = await read_raw(connection, KEY, window, clock.now())
        assert raw == [(start, 4.0), (start + 900, None), (start + 1_800, None), (start + 2_700, None)]
        assert await read_buckets(connection, KEY, window, DAY, clock.now()) == [
            Bucket(start, 4.0, 4.0, 4.0, 1)
        ]
        assert await latest(connection, KEY, clock.now()) == (start, 4.0)


async def test_polling_the_same_day_again_changes_nothing(store: Store, clock: FrozenClock) -> None:
    start = to_epoch(clock.now()) - DAY
    samples = [(start + i * 900, float(i)) for i in range(90)]
    async with store.writing() as transaction:
        await write_samples(transaction, KEY, samples, step=900)
    known_since = clock.now()
    clock.advance(3_600)
    async with store.writing() as transaction:
        await write_samples(transaction, KEY, samples, step=900)
    async with store.reading() as connection:
        window = Window.last(timedelta(days=2), clock.now())
        assert await read_raw(connection, KEY, window, known_since) == samples


async def test_a_finer_step_brings_the_finer_rollups_for_what_is_there(
    store: Store, clock: FrozenClock
) -> None:
    start = to_epoch(clock.now()) // DAY * DAY - DAY
    coarse = [(start + hour * 3_600, float(hour)) for hour in range(24)]
    async with store.writing() as transaction:
        await write_samples(transaction, KEY, coarse, step=3_600)
    async with store.writing() as transaction:
        await write_samples(transaction, KEY, [(start + 900, 100.0)], step=900)
    async with store.reading() as connection:
        window = Window(from_epoch(start), from_epoch(start + DAY))
        buckets = await read_buckets(connection, KEY, window, 21_600, clock.now())
    assert [(b.total, b.count) for b in buckets] == [(115.0, 7), (51.0, 6), (87.0, 6), (123.0, 6)]


async def test_many_series_are_written_at_once_and_kept_apart(store: Store, clock: FrozenClock) -> None:
    now = to_epoch(clock.now())
    keys = [SeriesKey("network", f"L{i}", name) for i in range(30) for name in ("rx", "tx")]
    batch = [SeriesSamples(key, [(now - 900, float(i))], 900) for i, key in enumerate(keys)]
    async with store.writing() as transaction:
        await write_many(transaction, batch)
    async with store.reading() as connection:
        assert await latest(connection, keys[7], clock.now()) == (now - 900, 7.0)
        newest = await latest_of_all(connection, "network", "tx", clock.now())
        assert newest == {f"L{i}": (now - 900, 2.0 * i + 1) for i in range(30)}
        assert await latest_of_all(connection, "network", "tx", clock.now() - timedelta(minutes=1)) == {}


async def test_the_newest_values_of_all_are_those_of_the_moment(store: Store, clock: FrozenClock) -> None:
    now = to_epoch(clock.now())
    keys = [SeriesKey("network", subject, "rx") for subject in ("A", "B")]
    async with store.writing() as transaction:
        await write_many(transaction, [SeriesSamples(key, [(now - 900, 1.0)], 900) for key in keys])
    then = clock.now()
    clock.advance(900)
    async with store.writing() as transaction:
        await write_samples(transaction, keys[0], [(now - 900, 5.0), (now, 2.0)], step=900)
    async with store.reading() as connection:
        at_then = await latest_of_all(connection, "network", "rx", then)
        assert at_then == {"A": (now - 900, 1.0), "B": (now - 900, 1.0)}
        assert (await latest_of_all(connection, "network", "rx", clock.now()))["A"] == (now, 2.0)


async def test_a_loaded_history_shows_in_its_own_past(store: Store, clock: FrozenClock) -> None:
    start = to_epoch(clock.now()) // DAY * DAY - 10 * DAY
    samples = [(start + i * 900, float(i % 96)) for i in range(960)]
    async with store.writing() as transaction:
        await load_history(transaction, [SeriesSamples(KEY, samples, 900)])
    everything = Window(from_epoch(start), clock.now())
    then = from_epoch(start + 3 * DAY)
    async with store.reading() as connection:
        assert await read_raw(connection, KEY, everything, clock.now()) == samples
        assert await read_raw(connection, KEY, everything, then) == samples[: 3 * 96]
        days = await read_buckets(connection, KEY, everything, DAY, clock.now())
        assert [(b.low, b.high, b.total, b.count) for b in days] == [(0.0, 95.0, 4_560.0, 96)] * 10
        days = await read_buckets(connection, KEY, everything, DAY, then + timedelta(hours=1))
        assert [b.count for b in days] == [96, 96, 96, 4]


async def test_loading_a_history_keeps_the_samples_that_are_there(store: Store, clock: FrozenClock) -> None:
    slot = to_epoch(clock.now()) - 900
    async with store.writing() as transaction:
        await write_samples(transaction, KEY, [(slot, 1.0)], step=900)
    async with store.writing() as transaction:
        await load_history(transaction, [SeriesSamples(KEY, [(slot - 900, 3.0), (slot, 2.0)], 900)])
    async with store.reading() as connection:
        window = Window.last(timedelta(days=1), clock.now())
        assert await read_raw(connection, KEY, window, clock.now()) == [(slot - 900, 3.0), (slot, 1.0)]


async def test_a_series_nobody_wrote_reads_as_empty(store: Store, clock: FrozenClock) -> None:
    window = Window.last(timedelta(days=1), clock.now())
    async with store.reading() as connection:
        assert await read_raw(connection, KEY, window, clock.now()) == []
        assert await read_buckets(connection, KEY, window, 900, clock.now()) == []
        assert await latest(connection, KEY, clock.now()) is None


async def test_a_bucket_that_no_rollup_divides_into_is_refused(store: Store, clock: FrozenClock) -> None:
    async with store.reading() as connection:
        with pytest.raises(ValueError, match="900"):
            await read_buckets(
                connection, KEY, Window.last(timedelta(days=1), clock.now()), 1_000, clock.now()
            )


@pytest.mark.parametrize(
    ("days", "points", "bucket"),
    [
        (1, 400, 900),
        (7, 400, 1_800),
        (30, 400, 7_200),
        (90, 400, 21_600),
        (365, 400, DAY),
        (365 * 4, 400, 4 * DAY),
    ],
)
def test_a_chart_gets_at_most_the_points_it_has_room_for(days: int, points: int, bucket: int) -> None:
    window = Window.last(timedelta(days=days), from_epoch(2_000_000_000))
    assert bucket_for(window, points) == bucket
    assert days * DAY / bucket <= points


def test_a_series_has_no_rollup_shorter_than_eight_of_its_steps() -> None:
    assert levels_of(60) == (900, 3_600, 21_600, DAY)
    assert levels_of(900) == (21_600, DAY)
    assert levels_of(DAY) == ()
