"""What alerting can be told beside its rules."""

from __future__ import annotations

from pydantic import Field

from core.settings import SettingsGroup

__all__ = ["AlertsSettings"]


class AlertsSettings(SettingsGroup):
    """How opsdeck finds out that it is cut off itself."""

    probes: str = Field(
        "",
        alias="OPSDECK_REACHABILITY_PROBES",
        description="Two or more of host:port in different networks, with commas between. When none of them "
        "takes a connection, we are cut off and nobody is told that something else can’t be reached. Empty: "
        "the sources that are polled anyway stand in for them.",
    )
