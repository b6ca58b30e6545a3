"""The job that takes in pushed reports: a small HTTP server that runs for as long as the engine does."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import Sequence

import uvicorn

from core.area import Services
from core.areas.production.reporting.ingestion import ingest_reports
from core.areas.production.reporting.intake import SHORTEST_TOKEN, intake_app
from core.areas.production.reporting.wire_format import IngestResult, Report
from core.areas.production.settings import ProductionSettings
from core.engine.loopback import is_loopback
from core.errors import SettingsError
from core.message import _
from core.secret import Secret

__all__ = ["IntakeServer"]

_log = logging.getLogger("opsdeck.production")


class IntakeServer:
    """Serves the intake where the settings say; `address` is where it listens, once it does."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._settings = services.settings.of(ProductionSettings)
        self.address: tuple[str, int] | None = None

    async def serve(self) -> None:
        """Serve until cancelled; returns at once where no intake is set.

        Raises:
            SettingsError: the token is too short, or the address can't be listened at.
        """
        if not self._settings.intake:
            return
        token = Secret(self._settings.intake_token.get_secret_value())
        host, port = _place(self._settings.intake)
        if len(token.reveal()) < SHORTEST_TOKEN and not is_loopback(host):
            raise SettingsError(
                _(
                    "Reports are taken in from other machines only with a token: give PRODUCTION_INTAKE_TOKEN"
                    " at least {count} characters, or listen at 127.0.0.1.",
                    count=SHORTEST_TOKEN,
                )
            )
        app = intake_app(self._take, token)
        with contextlib.closing(_listen(host, port, self._settings.intake)) as listening:
            self.address = listening.getsockname()[:2]
            _log.info("taking in reports at %s", self._settings.intake)
            try:
                await _run(app, listening)
            finally:
                self.address = None

    async def _take(self, reports: Sequence[Report]) -> IngestResult:
        async with self._services.store.writing() as transaction:
            return await ingest_reports(transaction, self._settings, reports, transaction.recorded_at)


class _Server(uvicorn.Server):
    """A uvicorn server that leaves the process's signals alone: the engine says when to stop."""

    @contextlib.contextmanager
    def capture_signals(self):  # type: ignore[no-untyped-def]
        yield


async def _run(app: object, listening: socket.socket) -> None:
    """Serve quietly, and on cancellation give open requests a second to finish."""
    config = uvicorn.Config(
        app,  # type: ignore[arg-type]
        interface="asgi3",
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        timeout_graceful_shutdown=1,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        await asyncio.shield(serving)
    except asyncio.CancelledError:
        server.should_exit = True
        await serving
        raise


def _place(text: str) -> tuple[str, int]:
    host, _colon, port = text.rpartition(":")
    return host.strip("[]"), int(port)


def _listen(host: str, port: int, place: str) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except (OSError, OverflowError) as error:
        listening.close()
        raise SettingsError(
            _(
                "Nothing can be taken in at {place}, which PRODUCTION_INTAKE names: the address isn't this"
                " machine's, or another program listens there.",
                place=place,
            )
        ) from error
    return listening
