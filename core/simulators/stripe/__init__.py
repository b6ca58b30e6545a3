"""A local stand-in of Stripe, as far as a health check sees it (operations.md 2.4)."""

from core.simulators.stripe.simulator import FAKE_KEY, StripeSimulator

__all__ = ["FAKE_KEY", "StripeSimulator"]
