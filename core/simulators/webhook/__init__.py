"""A simulated receiver of webhooks, with faults on demand."""

from core.simulators.webhook.receiver import Arrival, Behaviour, WebhookReceiver

__all__ = ["Arrival", "Behaviour", "WebhookReceiver"]
