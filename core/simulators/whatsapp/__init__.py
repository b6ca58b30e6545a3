"""WhatsApp behind its two doors: people with their phones, what they see, and what goes wrong on the way."""

from core.simulators.phone import Entry, Failure, Script, ScriptError, Transcript
from core.simulators.whatsapp.faults import FAULT_KINDS, Fault, FaultKind
from core.simulators.whatsapp.model import Choice, Content, Media, Message, Phone, Place
from core.simulators.whatsapp.phone import walk
from core.simulators.whatsapp.shipped import SHIPPED, shipped_script
from core.simulators.whatsapp.simulator import WhatsAppSimulator

__all__ = [
    "FAULT_KINDS",
    "SHIPPED",
    "Choice",
    "Content",
    "Entry",
    "Failure",
    "Fault",
    "FaultKind",
    "Media",
    "Message",
    "Phone",
    "Place",
    "Script",
    "ScriptError",
    "Transcript",
    "WhatsAppSimulator",
    "shipped_script",
    "walk",
]
