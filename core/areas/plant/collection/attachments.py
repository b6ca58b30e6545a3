"""Forgetting what people sent and nobody gave to a ticket (reliability.md S20)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from core.area import Every, Job, Services
from core.areas.plant.store.attachments import prune_attachments

__all__ = ["KEPT_FOR", "forget", "jobs"]

KEPT_FOR = timedelta(days=30)
"""As long as what is said in messages is kept; what belongs to a ticket stays as long as that does."""

_INTERVAL = timedelta(hours=6)


def jobs(services: Services) -> Sequence[Job]:
    """The one job."""

    async def run() -> None:
        await forget(services)

    return (Job("plant.attachments", Every(_INTERVAL), run),)


async def forget(services: Services) -> None:
    """Forget what is old and belongs to nothing.

    Raises:
        StoreError: the database did not do its part; the next time tries anew.
    """
    async with services.store.writing() as transaction:
        await prune_attachments(transaction, transaction.recorded_at - KEPT_FOR)
