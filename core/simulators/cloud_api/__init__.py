"""A simulated WhatsApp Cloud API of Meta: the Graph calls, the webhooks, and the phones behind them."""

from core.simulators.cloud_api.rates import RateLimits
from core.simulators.cloud_api.signature import sign
from core.simulators.cloud_api.simulator import CloudApiSimulator
from core.simulators.cloud_api.templates import Template

__all__ = ["CloudApiSimulator", "RateLimits", "Template", "sign"]
