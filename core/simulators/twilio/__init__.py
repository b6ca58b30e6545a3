"""A simulated Twilio: its REST API and webhooks for WhatsApp, and the phones behind them."""

from core.simulators.twilio.access import Account
from core.simulators.twilio.rates import RateLimits
from core.simulators.twilio.signature import HMAC_SHA1, HMAC_SHA256, sign, with_body_hash
from core.simulators.twilio.simulator import TwilioSimulator

__all__ = ["HMAC_SHA1", "HMAC_SHA256", "Account", "RateLimits", "TwilioSimulator", "sign", "with_body_hash"]
