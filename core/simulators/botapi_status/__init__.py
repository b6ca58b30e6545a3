"""A local stand-in of Telegram's Bot API, as far as a health check sees it (operations.md 2.5)."""

from core.simulators.botapi_status.simulator import FAKE_TOKEN, BotStatusSimulator

__all__ = ["FAKE_TOKEN", "BotStatusSimulator"]
