"""What the public may read (operations.md 4.3, 7.4): nothing internal, and no contradiction."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis.strategies import text

from core.areas.incidents.model import Impact, PublicStatus, Status, Visibility
from core.areas.incidents.rules.publishing import leaks, publish
from core.errors import InputError, RefusedError
from tests.areas.incidents.sample import AMINA, incident
from tests.areas.incidents.world import NOW

LATER = NOW + timedelta(minutes=5)


@pytest.mark.parametrize(
    "said",
    [
        "The server 10.0.4.17 is down",
        "Pod 00:1a:2b:3c:4d:5e is offline",
        "fe80::1ff:fe23:4567:890a does not answer",
        "db-primary.internal does not answer",
        "db-main-02 does not answer",
        "Write to ops@example.org",
        "Call +254 700 000 000",
        "Traceback (most recent call last)",
        "It fails with ConnectionError",
        "It fails at com.example.Upload(Upload.java:17)",
        "The file /var/lib/opsdeck/data is full",
        "See INC-2026-0004",
        "Ticket TCK-2026-00017 told us",
        "Job 3f2504e0-4f89-41d3-9a0c-0305e82c3301 is stuck",
        "It costs us $15,874 a month",
        "KES 2500 were charged twice",
        "revenue is not affected",
    ],
)
def test_7_4_internal_words_are_found(said: str) -> None:
    assert leaks(said)


@pytest.mark.parametrize(
    "said",
    [
        "Uploads are slow since 14:20 UTC. We found the cause and are fixing it.",
        "About 30 % of uploads fail; please try again in 10 minutes.",
        "Version 2.4 is rolled back. Sign-in works again.",
        "All systems are operational again since 2026-01-31.",
        "Up-to-date figures follow within an hour.",
    ],
)
def test_ordinary_words_pass(said: str) -> None:
    assert leaks(said) == []


def test_7_4_people_are_not_named() -> None:
    assert leaks("Amina is working on it", ("amina",))
    assert leaks("The examination goes on", ("amina",)) == []


@given(text(max_size=300))
def test_any_text_is_judged(said: str) -> None:
    assert isinstance(leaks(said, ("amina",)), list)


def test_publishing_keeps_public_and_internal_words_apart() -> None:
    known = incident(title="db-main-02: disk full", description="see 10.0.4.17")
    step = publish(known, AMINA, LATER, "Uploads are slow.", title="Slow uploads")
    assert (step.after.title, step.after.public_title) == ("db-main-02: disk full", "Slow uploads")
    assert (step.after.public_status, step.after.customer_visible) == (PublicStatus.INVESTIGATING, True)
    (draft,) = step.drafts
    assert (draft.visibility, draft.text) == (Visibility.PUBLIC, "Uploads are slow.")


def test_the_first_publication_needs_a_title_and_later_ones_keep_it() -> None:
    with pytest.raises(InputError, match="title"):
        publish(incident(), AMINA, LATER, "Uploads are slow.")
    first = publish(incident(), AMINA, LATER, "Uploads are slow.", title="Slow uploads").after
    assert publish(first, AMINA, LATER, "Still slow.").after.public_title == "Slow uploads"


def test_a_title_with_something_internal_is_refused_too() -> None:
    with pytest.raises(InputError, match="host name"):
        publish(incident(), AMINA, LATER, "Uploads are slow.", title="db-main-02 is down")


def test_the_public_status_may_not_contradict_the_incident() -> None:
    with pytest.raises(RefusedError, match="resolved"):
        publish(incident(), AMINA, LATER, "Done.", title="Uploads", status=PublicStatus.RESOLVED)
    over = replace(incident(), status=Status.RESOLVED)
    with pytest.raises(RefusedError, match="monitoring"):
        publish(over, AMINA, LATER, "x", title="Uploads", status=PublicStatus.MONITORING)
    assert publish(over, AMINA, LATER, "x", title="Uploads", status=PublicStatus.POSTMORTEM).after.public


def test_nothing_more_is_published_of_a_cancelled_one() -> None:
    with pytest.raises(RefusedError, match="nothing more"):
        publish(replace(incident(), status=Status.CANCELLED), AMINA, LATER, "x", title="Uploads")


def test_7_2_the_impact_may_be_overridden_and_then_stays() -> None:
    step = publish(incident(), AMINA, LATER, "x", title="Uploads", impact=Impact.MAJOR)
    assert (step.after.impact, step.after.impact_overridden) == (Impact.MAJOR, True)
