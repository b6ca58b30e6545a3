"""What the demo's customers and agents wrote to one another, as steps at so long before now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from core.principal import Principal, Role

__all__ = ["AGENTS", "STORIES", "Step", "Story"]

AMINA = Principal("amina", Role.VIEWER, "console")
JOAO = Principal("joao", Role.VIEWER, "console")
AGENTS = (AMINA, JOAO)

OTIENO = Principal("Otieno Were", Role.CUSTOMER, "telegram", "demo-1", tier="ultra premium")
LUCIA = Principal("Lucia Prates", Role.CUSTOMER, "telegram", "demo-2", tier="elite")
HENRIK = Principal("Henrik Dahl", Role.CUSTOMER, "e-mail", "henrik@example.com", tier="pro")
WANJIRU = Principal("Wanjiru Kamau", Role.CUSTOMER, "whatsapp", "demo-4", tier="pro")
TOMAS = Principal("Tomas Vidal", Role.CUSTOMER, "e-mail", "tomas@example.com")
YUKI = Principal("Yuki Mori", Role.CUSTOMER, "telegram", "demo-6", tier="ultra premium")


@dataclass(frozen=True, slots=True)
class Step:
    """A command that somebody ran so long before now; without a command, the watch looked."""

    ago: timedelta
    who: Principal = AMINA
    command: str = ""
    arguments: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Story:
    """One ticket, from its first word to where it stands now; its first step opens it."""

    steps: tuple[Step, ...]


def _step(
    who: Principal, command: str, days: float = 0, hours: float = 0, minutes: float = 0, /, **arguments: str
) -> Step:
    return Step(timedelta(days=days, hours=hours, minutes=minutes), who, command, arguments)


def _story(*steps: Step) -> Story:
    return Story(steps)


def _watched(days: float = 0, hours: float = 0, minutes: float = 0) -> Step:
    return Step(timedelta(days=days, hours=hours, minutes=minutes))


_OPEN, _WRITE, _CLOSE, _RATE = "support open", "support reply", "support close", "support rate"
_REPLY, _NOTE, _SOLVE = "ticket reply", "ticket note", "ticket solve"

_CLOSED_LONG_AGO = _story(
    _step(
        HENRIK,
        _OPEN,
        24,
        5,
        subject="Invoice shows the old address",
        category="account",
        impact="low",
        text="The November invoice still has our address in Bergen. We moved to Oslo in October.",
    ),
    _step(JOAO, _REPLY, 24, 1, text="Thank you, Henrik. Is it Storgata 12, 0155 Oslo?", then="pending"),
    _step(HENRIK, _WRITE, 23, 20, text="Yes, exactly that."),
    _step(JOAO, _SOLVE, 23, 18, text="Corrected, and a new invoice is in your mail."),
    _step(HENRIK, _RATE, 23, 2, stars="5", comment="Quick and friendly."),
    _watched(16),
)

_CLOSED_AFTER_REOPENING = _story(
    _step(
        LUCIA,
        _OPEN,
        19,
        3,
        subject="Chart image arrives empty",
        category="troubleshooting",
        text="Since the update the chart under a signal is a white square.",
    ),
    _step(AMINA, _NOTE, 19, 2, text="Renderer ran out of memory on the small worker; see its log at 09:12."),
    _step(AMINA, _SOLVE, 19, 1, 30, text="The renderer was restarted with more memory. Please look again."),
    _step(LUCIA, _WRITE, 18, 6, text="Today they are white again."),
    _step(
        AMINA, _REPLY, 18, 4, 30, text="You are right, one of two workers was left out. Both are fixed now."
    ),
    _step(AMINA, _SOLVE, 18, 4, text="Ten charts in a row came through. Tell us if one doesn’t."),
    _step(LUCIA, _RATE, 18, 1, stars="4"),
    _watched(11),
)

_CLOSED_BY_REQUESTER = _story(
    _step(
        TOMAS,
        _OPEN,
        12,
        2,
        subject="How do I change the language?",
        category="getting-started",
        impact="low",
        urgency="low",
        text="Everything is in English. I would like Spanish.",
    ),
    _step(TOMAS, _CLOSE, 12, 1, 40),
)

_GIVEN_UP = _story(
    _step(
        WANJIRU,
        _OPEN,
        13,
        4,
        subject="Can’t find the weekly report",
        category="getting-started",
        text="Where do I see the weekly report? It is not in the menu.",
    ),
    _step(
        JOAO, _REPLY, 12, 22, text="It comes every Monday at 09:00. Which plan do you have?", then="pending"
    ),
    _watched(9, 21),
    _watched(5, 21),
)

_SOLVED_AND_RATED = _story(
    _step(
        OTIENO,
        _OPEN,
        3,
        4,
        subject="Two-factor code is refused",
        category="account",
        impact="high",
        urgency="high",
        text="None of my codes work since this morning and I am locked out.",
    ),
    _step(AMINA, "ticket priority", 3, 3, 55, priority="urgent"),
    _step(AMINA, _REPLY, 3, 3, 51, text="Is the clock of your phone set automatically?", then="pending"),
    _step(OTIENO, _WRITE, 3, 3, 40, text="It was four minutes behind. Now it works!"),
    _step(AMINA, _SOLVE, 3, 3, 36, text="Good. With the automatic clock it will stay that way."),
    _step(OTIENO, _RATE, 3, 3, stars="5", comment="Five minutes. Impressive."),
)

_SOLVED_TODAY = _story(
    _step(
        HENRIK,
        _OPEN,
        1,
        3,
        subject="API key shows as expired",
        category="account",
        text="The key we made last week says expired, and our import stopped.",
    ),
    _step(JOAO, _SOLVE, 0, 5, text="Keys of trial plans end after seven days. Yours is extended to a year."),
    _step(HENRIK, _RATE, 0, 4, stars="3", comment="Solved, but I would have liked a warning."),
)

_BREACHED = _story(
    _step(
        YUKI,
        _OPEN,
        0,
        2,
        25,
        subject="Position size is ten times too large",
        category="ai-features",
        impact="high",
        urgency="medium",
        text="The last two signals suggest 5.0 lots. My setting is 0.5.",
    ),
    _watched(0, 1, 40),
    _step(AMINA, _NOTE, 0, 1, 35, text="Rounding in the new sizing model? Asked the model team to look."),
    _watched(0, 1, 20),
)

_WARNED = _story(
    _step(
        LUCIA,
        _OPEN,
        0,
        3,
        12,
        subject="Signals arrive twice",
        category="troubleshooting",
        text="Each signal comes twice in the channel, a few seconds apart.",
    ),
    _watched(0, 0, 10),
)

_IN_WORK = _story(
    _step(
        OTIENO,
        _OPEN,
        0,
        6,
        30,
        subject="Payment was taken twice",
        category="account",
        impact="medium",
        urgency="high",
        text="My card was charged twice on the 20th. Please return one of them.",
    ),
    _step(
        JOAO,
        _REPLY,
        0,
        6,
        5,
        text="We see both charges. Which of the two references is on your statement?",
        then="pending",
    ),
    _step(OTIENO, _WRITE, 0, 4, 40, text="Both of them, 48 seconds apart."),
    _step(JOAO, _REPLY, 0, 4, 15, text="Then one of them is ours to return. I ask the bank now."),
    _step(JOAO, "ticket assign", 0, 4, 14, agent="joao", team="billing"),
    _step(OTIENO, _WRITE, 0, 0, 25, text="Is there any news?"),
)

_ON_HOLD = _story(
    _step(
        WANJIRU,
        _OPEN,
        1,
        9,
        subject="WhatsApp messages come hours late",
        category="troubleshooting",
        text="The morning brief of 07:00 came at 10:40.",
    ),
    _step(
        AMINA, _REPLY, 1, 6, text="We see the delay between our provider and WhatsApp and have asked them."
    ),
    _step(AMINA, "ticket hold", 1, 5, 58, text="Waiting for the provider; their case is open."),
    _step(AMINA, "ticket link", 1, 5, 50, incident="INC-2026-0001"),
)

_PENDING = _story(
    _step(
        YUKI,
        _OPEN,
        1,
        6,
        subject="Dashboard stays empty",
        category="troubleshooting",
        text="After signing in I only see the frame of the dashboard.",
    ),
    _step(JOAO, _REPLY, 1, 5, 20, text="Which browser is it, and is anything blocked in it?", then="pending"),
)

_NEW_BASIC = _story(
    _step(
        TOMAS,
        _OPEN,
        0,
        9,
        subject="What does confidence 0.7 mean?",
        category="ai-features",
        impact="low",
        urgency="low",
        text="Every signal has a number between 0 and 1. Is 0.7 good?",
    ),
)

_NEW_PRO = _story(
    _step(
        HENRIK,
        _OPEN,
        0,
        0,
        50,
        subject="Export to CSV lacks the last day",
        category="troubleshooting",
        urgency="low",
        text="The export of January ends on the day before yesterday.",
    ),
)

STORIES = (
    *(_CLOSED_LONG_AGO, _CLOSED_AFTER_REOPENING, _GIVEN_UP, _CLOSED_BY_REQUESTER, _SOLVED_AND_RATED),
    *(_ON_HOLD, _PENDING, _SOLVED_TODAY, _NEW_BASIC, _IN_WORK, _WARNED, _BREACHED, _NEW_PRO),
)
