"""`opsdeck audit`: whether anybody has tampered with the audit log (reliability.md S18)."""

from __future__ import annotations

import argparse
import asyncio
import re

from console.exits import Exit
from console.world import open_world
from core.errors import InputError
from core.message import _
from core.store.audit import AuditHead, verify

__all__ = ["run_audit"]

_HEAD = re.compile(r"(\d{1,18}):([0-9a-f]{64})")


def run_audit(options: argparse.Namespace) -> int:
    """Verify the log and say where it ends."""
    if getattr(options, "action", None) is None:
        raise InputError(_("“opsdeck audit” is followed by verify."))
    return asyncio.run(_verify(options, _noted(getattr(options, "head", None))))


async def _verify(options: argparse.Namespace, noted: AuditHead | None) -> int:
    async with open_world(options, "command line", once=True) as world:
        store = world.deck.services.store
        async with store.reading() as connection:
            report = await verify(connection, store.audit_key, noted)
    if report.problem is not None:
        print(report.problem)  # noqa: T201
        return Exit.FAILED
    print(_("The audit log is whole: {count} entries.", count=report.rows))  # noqa: T201
    end = f"{report.head.number}:{report.head.tag}"
    if report.head.tag:
        print(_("It ends with {head}; keep that elsewhere to notice a cut later.", head=end))  # noqa: T201
    return Exit.DONE


def _noted(text: str | None) -> AuditHead | None:
    """The end of the log as it was noted earlier."""
    if text is None:
        return None
    found = _HEAD.fullmatch(text.strip())
    if found is None:
        raise InputError(_("“{text}” isn’t an end as “audit verify” prints it, NUMBER:TAG.", text=text[:80]))
    return AuditHead(int(found[1]), found[2])
