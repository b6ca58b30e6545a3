"""Backups."""

from pathlib import Path

from core.moment import Clock


async def back_up_file(path: Path, folder: Path, *, clock: Clock) -> Path: ...
