"""A simulated mail server, with faults on demand."""

from core.simulators.smtp.server import Mail, MailServerSimulator, Refusal

__all__ = ["Mail", "MailServerSimulator", "Refusal"]
