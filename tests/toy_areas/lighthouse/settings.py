"""What the lighthouse area can be told."""

from __future__ import annotations

from pydantic import Field

from core.settings import SettingsGroup

__all__ = ["LighthouseSettings"]


class LighthouseSettings(SettingsGroup):
    """How far its lamps are seen."""

    range_miles: int = Field(
        18, alias="LIGHTHOUSE_RANGE_MILES", ge=1, le=40, description="Miles from which the lamps are seen."
    )
