"""The rules file: what is shipped, what the user's own does to it, and what is said of mistakes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import core.notify
from core.errors import SettingsError
from core.folders import Folders
from core.notify.notice import NoticeClass
from core.notify.rules import load_rules
from core.notify.rules.loading import read_rules, shipped_rules
from core.notify.rules.model import Level, SeriesTrigger
from core.principal import Group
from core.units import Severity

GOOD = '[[rule]]\nname = "x"\nabout = "y"\nevents = ["a.b"]\n'

SEED_KINDS = (
    *("video_started", "video_completed", "video_failed"),
    *("upload_started", "upload_completed", "upload_failed"),
    *("credits_low", "credits_critical", "daily_summary", "weekly_report"),
    *("system_error", "scheduler_status", "proxy_status", "budget_warning"),
)


def own(home: Path, text: str) -> Folders:
    folders = Folders.below(home)
    folders.make()
    (folders.config / "alerts.toml").write_text(text, encoding="utf-8")
    return folders


@pytest.mark.parametrize("kind", SEED_KINDS)
def test_each_of_the_fourteen_kinds_of_the_seed_has_a_rule(kind: str) -> None:
    assert f"production.{kind}" in load_rules(None).kinds


@pytest.mark.parametrize(
    "kind",
    [
        *(
            "incident.opened",
            "incident.escalated",
            "incident.response_overdue",
            "incident.resolution_overdue",
        ),
        *("ticket.opened", "ticket.warned", "ticket.breached", "health.changed", "maintenance.overdue"),
        *("checklist.due", "checklist.overdue", "checklist.missed", "notify.dead", "alert.acknowledged"),
    ],
)
def test_what_areas_tell_has_a_rule(kind: str) -> None:
    assert kind in load_rules(None).kinds


SAID = re.compile(r'"((?:notify|alerts)\.[a-z_.]+)"')


def test_what_delivery_says_of_itself_has_a_rule_of_the_same_name() -> None:
    modules = Path(core.notify.__path__[0]).rglob("*.py")
    said = {kind for module in modules for kind in SAID.findall(module.read_text("utf-8"))}
    events = {
        *("notify.dead", "notify.recipient.gone", "notify.line.down", "notify.line.up"),
        *("notify.audit.failed", "notify.audit.good", "notify.selftest.failed", "alerts.blind.ended"),
    }
    assert events <= said
    assert events <= set(load_rules(None).kinds)


def test_every_kind_that_a_rule_names_about_delivery_is_one_that_happens() -> None:
    modules = Path(core.notify.__path__[0]).rglob("*.py")
    said = {kind for module in modules for kind in SAID.findall(module.read_text("utf-8"))}
    named = {kind for kind in load_rules(None).kinds if kind.startswith(("notify.", "alerts."))}
    assert named <= said


def test_an_open_incident_pages_those_on_call_until_it_is_acknowledged() -> None:
    rule = load_rules(None).get("incident.open")
    assert rule is not None
    assert rule.events is not None
    assert Group.ON_CALL in rule.to
    assert "incident.acknowledged" in rule.events.acknowledged_by
    assert rule.notice_class(Severity.CRITICAL) is NoticeClass.CRITICAL
    assert rule.announced is False  # an alert about an incident must not open another one


def test_a_rule_of_the_users_own_takes_the_shipped_ones_place(opsdeck_home: Path) -> None:
    folders = own(opsdeck_home, GOOD.replace('"x"', '"network.verdict"') + 'to = ["quality"]\n')
    rule = load_rules(folders).get("network.verdict")
    assert rule is not None
    assert rule.to == {Group.QUALITY}
    assert len(load_rules(folders)) == len(shipped_rules())


def test_a_rule_can_be_switched_off(opsdeck_home: Path) -> None:
    folders = own(opsdeck_home, '[[rule]]\nname = "network.verdict"\nenabled = false\n')
    assert load_rules(folders).get("network.verdict") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            GOOD + 'ended_by = ["c"]\nfor = "soon"',
            "line 6, rule “x”: “for” can’t be “soon”; it takes a length",
        ),
        (GOOD + "\n" + GOOD, "line 6, rule “x”: there are two of that name"),
        (GOOD + 'repat = "1h"', "line 5, rule “x”: there is no key “repat”; did you mean “repeat”?"),
        (GOOD + 'to = ["nobody"]', "line 5, rule “x”: “to” can’t be “['nobody']”; it takes some of on call"),
        (GOOD + 'repeat = "1h"', "rule “x”: “repeat” needs something that ends it"),
        (GOOD + 'ended_by = ["c"]\nreachability = true', "“reachability” needs “for”"),
        ('[[rule]]\nname = "x"\nabout = "y"', "it needs either “events” or “series”"),
        ('[[rule]]\nname = "gone"\nenabled = false', "there is no such rule to switch off"),
        ("[[rule]", "is not valid TOML"),
        ("x = 1", "there is no “x” in it; rules stand under [[rule]]"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_what_would_do(text: str, said: str) -> None:
    with pytest.raises(SettingsError) as raised:
        read_rules(text, "alerts.toml", known={})
    assert said in str(raised.value)
    assert "alerts.toml" in str(raised.value)


def test_rules_that_are_their_own_parents_are_refused(opsdeck_home: Path) -> None:
    text = GOOD + 'ended_by = ["a.c"]\nparents = [{ rule = "x" }]\n'
    with pytest.raises(SettingsError, match="own parent"):
        load_rules(own(opsdeck_home, text))


@pytest.mark.parametrize(
    ("value", "standing", "level"),
    [
        (85.0, None, None),
        (85.1, None, Severity.WARNING),
        (95.1, None, Severity.CRITICAL),
        (81.0, Severity.WARNING, Severity.WARNING),
        (80.7, Severity.WARNING, None),
        (91.0, Severity.CRITICAL, Severity.CRITICAL),
        (90.0, Severity.CRITICAL, Severity.WARNING),
    ],
)
def test_a_line_is_left_only_five_percent_beyond_it(
    value: float, standing: Severity | None, level: Severity | None
) -> None:
    lines = (Level(Severity.WARNING, 85), Level(Severity.CRITICAL, 95))
    assert SeriesTrigger("operations", "cpu_percent", lines).level(value, standing) is level
