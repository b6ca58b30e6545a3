"""The deficit rotation and the distribution over platforms (production.md 5.4 and 5.5)."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from core.areas.production.model import Character, Platform, Upload, UploadStatus
from core.areas.production.rules.distribution import active, distribution
from core.areas.production.rules.rotation import CharacterTurn, Use, rotation

TODAY = date(2026, 1, 22)
YESTERDAY = TODAY - timedelta(days=1)
SIX = tuple(Character(f"character {number}", position=number) for number in range(1, 7))


def following(turns: tuple[CharacterTurn, ...]) -> str | None:
    return next((turn.character.id for turn in turns if turn.next), None)


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


def test_vector_rotation_6_equal_characters_none_used_begins_with_the_first() -> None:
    assert following(rotation(SIX, [], {}, TODAY, 4)) == "character 1"


def test_vector_rotation_6_equal_characters_after_1_to_4_yesterday_it_is_5() -> None:
    used = [Use(each.id, YESTERDAY) for each in SIX[:4]]
    last = {each.id: at(YESTERDAY) for each in SIX[:4]}
    assert following(rotation(SIX, used, last, TODAY, 4)) == "character 5"


def test_deficit_and_ideal() -> None:
    used = [Use("character 1", YESTERDAY)] * 3
    turns = rotation(SIX, used, {}, TODAY, 4)
    assert turns[0].deficit == -2.5
    assert turns[1].deficit == 0.5
    assert round(turns[0].ideal_today or 0, 4) == round(4 / 6, 4)


def test_use_older_than_7_days_is_forgotten_but_decides_ties() -> None:
    old = TODAY - timedelta(days=7)
    last = {each.id: at(old) + timedelta(hours=index) for index, each in enumerate(reversed(SIX))}
    turns = rotation(SIX, [Use("character 1", old)], last, TODAY, 4)
    assert turns[0].used_window == 0
    assert following(turns) == "character 6"


def test_who_is_off_paused_or_at_the_weekly_cap_is_not_next() -> None:
    three = (
        Character("off", enabled=False, position=1),
        Character("paused", paused=True, position=2),
        Character("capped", weekly_cap=1, position=3),
    )
    turns = rotation(three, [Use("capped", TODAY)], {}, TODAY, 4)
    assert following(turns) is None
    assert not any(turn.eligible for turn in turns)


def test_a_new_iso_week_lifts_the_cap() -> None:
    monday = date(2026, 1, 19)
    one = (Character("capped", weekly_cap=1),)
    assert following(rotation(one, [Use("capped", monday - timedelta(days=1))], {}, monday, 4)) == "capped"


@given(
    weights=st.lists(st.integers(1, 4), min_size=1, max_size=6),
    videos=st.integers(1, 30),
)
def test_everybody_gets_their_part_within_a_video(weights: list[int], videos: int) -> None:
    cast = [Character(str(index), weight=weight, position=index) for index, weight in enumerate(weights)]
    used: list[Use] = []
    for _number in range(videos):
        chosen = following(rotation(cast, used, {}, TODAY, 4))
        assert chosen is not None
        used.append(Use(chosen, TODAY))
    counts = Counter(use.character for use in used)
    for each in cast:
        part = videos * each.weight / sum(weights)
        assert abs(counts[each.id] - part) < len(cast)


def upload(platform: str, status: UploadStatus = UploadStatus.PUBLISHED) -> Upload:
    return Upload(f"{platform}", "job", platform, status)


def test_shares_are_of_what_was_published() -> None:
    uploads = [upload("tiktok"), upload("tiktok"), upload("youtube"), upload("tiktok", UploadStatus.FAILED)]
    shares = distribution([Platform("tiktok"), Platform("discord")], uploads)
    found = {share.platform.id: (share.published, share.failed, share.share_percent) for share in shares}
    assert found["tiktok"] == (2, 1, Decimal(200) / 3)
    assert found["discord"] == (0, 0, 0)
    assert found["youtube"][0] == 1
    assert active(shares) == 2


def test_without_anything_published_there_are_no_shares() -> None:
    assert [share.share_percent for share in distribution([Platform("tiktok")], [])] == [None]
