"""What several pages and refusals say in the same way."""

from __future__ import annotations

from core.areas.relay.model import WHATSAPP, Worker
from core.areas.relay.processes import identity_in
from core.engine.identity import Identity
from core.message import Message, _
from core.principal import Role
from core.text import clean

__all__ = ["DEMO_RELAY", "HOW_TO_SET_UP", "ROLE_WORDS", "bot_words", "process_words", "worker_words"]

DEMO_RELAY = _(
    "The demo’s relay is part of this console: it began with it and ends with it."
    " For one of its own, run “opsdeck --demo relay run” in a terminal."
)
"""Why the relay is neither started nor stopped in the console of the demo, and what to do instead."""

HOW_TO_SET_UP = _(
    "No bot is set up. For Telegram make one with @BotFather, and put its token into TELEGRAM_BOT_TOKEN;"
    " for WhatsApp put TWILIO_ACCOUNT_SID and what goes with it into .env, as .env.example describes."
)
"""What to do where no platform is set up."""

ROLE_WORDS = {
    Role.PUBLIC: _("public"),
    Role.CUSTOMER: _("customer"),
    Role.VIEWER: _("viewer"),
    Role.OPERATOR: _("operator"),
    Role.ADMIN: _("admin"),
}


def process_words(identity: Identity) -> Message:
    """A process as a person would look for it."""
    return _(
        "{program}, process {pid} on {host}",
        program=clean(identity.program, 40),
        pid=str(identity.pid),
        host=clean(identity.host, 80),
    )


def bot_words(worker: Worker) -> str:
    """What the bot is called; on WhatsApp, its masked number; empty where it isn't known yet."""
    if not worker.bot or worker.line.startswith(f"{WHATSAPP}:"):
        return worker.bot
    return f"@{worker.bot}"


def worker_words(worker: str) -> Message | str:
    """A relay process, by what it calls itself in the store."""
    found = identity_in(worker)
    return clean(worker, 80) if found is None else process_words(found)
