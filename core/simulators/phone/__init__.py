"""A scripted phone: a session written down, walked on a simulated messenger, and what was seen there."""

from core.simulators.phone.phones import Phones
from core.simulators.phone.script import Script, ScriptError
from core.simulators.phone.transcript import Entry
from core.simulators.phone.walk import Failure, Transcript

__all__ = ["Entry", "Failure", "Phones", "Script", "ScriptError", "Transcript"]
