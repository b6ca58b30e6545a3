"""What the usage area can be asked, by whom, and with which words."""

from __future__ import annotations

import pytest

from core.areas.usage import AREA
from core.command import Command, Effect, validate
from core.errors import InputError
from core.principal import Role

COMMANDS = {verb.command.name: verb.command for verb in AREA.verbs}


def test_who_may_ask_what() -> None:
    assert {name for name, command in COMMANDS.items() if command.effect is Effect.READ} == {
        "usage",
        "usage history",
        "usage days",
        "usage plans",
        "usage calls",
        "plan",
        "plan download",
    }
    assert {name: command.role for name, command in COMMANDS.items() if command.effect is Effect.WRITE} == {
        "collect": Role.OPERATOR,
        "usage setup": Role.ADMIN,
        "usage forget": Role.ADMIN,
        "usage import": Role.ADMIN,
    }
    assert COMMANDS["collect"].remote
    secret = [each.name for command in COMMANDS.values() for each in command.parameters if each.secret]
    assert secret == ["passcode"]


def test_the_pane_opens_the_balance_page() -> None:
    (pane,) = AREA.panes
    assert (pane.key, pane.command, pane.digit, pane.order) == ("usage", "usage", "4", 40)
    assert AREA.setup in COMMANDS
    sources = {each.source for command in COMMANDS.values() for each in command.parameters if each.source}
    assert sources == set(AREA.choices)


SETUP = {"name": "home", "phone": "700000000", "passcode": "000000", "partner": "1", "hotspot": "2"}


@pytest.mark.parametrize(
    ("command", "arguments", "said"),
    [
        (COMMANDS["usage days"], {"days": "0"}, "days: A whole number from 1 to 366"),
        (COMMANDS["usage history"], {"span": "3h"}, "isn't one of: 24h, 7d, 30d, 1y"),
        (COMMANDS["plan download"], {}, "needs “size”"),
        (COMMANDS["usage setup"], {**SETUP, "name": "a/b"}, "name: A name is letters"),
        (COMMANDS["usage setup"], {**SETUP, "name": "a:b"}, "name: A name is letters"),
        (COMMANDS["usage setup"], {**SETUP, "phone": "+254 7"}, "phone: A phone number is"),
        (COMMANDS["usage setup"], {**SETUP, "country": "Kenya"}, "country: A country code is"),
    ],
)
def test_what_is_not_understood_is_refused_in_words(
    command: Command, arguments: dict[str, str], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        validate(command, arguments)


def test_an_account_may_be_called_what_people_call_places() -> None:
    for name in ("home", "Mamas house", "Nyumba-2", "お家", "b.2_c"):
        assert validate(COMMANDS["usage setup"], {**SETUP, "name": name})["name"] == name
