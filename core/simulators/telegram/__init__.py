"""A simulated Bot API of Telegram, the people who write to the bot, and a phone that walks a script."""

from core.simulators.phone import Entry, Failure, Script, ScriptError, Transcript
from core.simulators.telegram.faults import FAULT_KINDS, Fault, FaultKind
from core.simulators.telegram.files import FileLimits
from core.simulators.telegram.html_text import HtmlError, parse_html
from core.simulators.telegram.phone import walk
from core.simulators.telegram.rates import RateLimits
from core.simulators.telegram.shipped import SHIPPED, shipped_script
from core.simulators.telegram.simulator import TOKEN, TelegramSimulator

__all__ = [
    "FAULT_KINDS",
    "SHIPPED",
    "TOKEN",
    "Entry",
    "Failure",
    "Fault",
    "FaultKind",
    "FileLimits",
    "HtmlError",
    "RateLimits",
    "Script",
    "ScriptError",
    "TelegramSimulator",
    "Transcript",
    "parse_html",
    "shipped_script",
    "walk",
]
