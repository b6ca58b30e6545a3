"""A deck with the plant, and a folder that files to import are written into."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.areas.plant.configuration.sla_policy import load_policy
from core.areas.plant.importing.kinds import KINDS
from core.areas.plant.importing.world import Entity, PlantWorld
from core.areas.plant.rules.holding import HoldingPolicy
from core.areas.plant.store.importing import fill, record_all
from core.command import Invocation
from core.page import Page
from core.principal import Principal
from core.store.versions import NEWEST
from core.units import State, Value
from tests.areas.plant.orders.world import ADMIN, World, table

__all__ = ["ImportWorld", "empty_world", "results"]


def empty_world() -> PlantWorld:
    """A plant of which nothing is known."""
    from tests.areas.plant.orders.world import NOW

    return PlantWorld("root", NOW, load_policy(None), HoldingPolicy())


def results(page: Page) -> list[tuple[str, str, str]]:
    """The rows of a plan: what becomes of each, which, and why."""
    found: list[tuple[str, str, str]] = []
    for row in table(page, "rows").values():
        state = row["result"]
        assert isinstance(state, State)
        found.append((str(state.word), str(row["name"]), str(row["what"])))
    return found


@dataclass
class ImportWorld:
    """A deck, and files beside it."""

    plant: World
    folder: Path

    def file(self, content: str | bytes, name: str = "plant.csv") -> str:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    async def look(self, kind: str, content: str | bytes, person: Principal = ADMIN) -> Page:
        """What a file of that content would do."""
        return await self.plant.run("plant import", person, kind=kind, file=self.file(content))

    async def take(
        self, kind: str, content: str | bytes, person: Principal = ADMIN, *, confirmed: bool = True
    ) -> Page:
        """Import a file of that content."""
        arguments = {"kind": kind, "file": self.file(content)}
        return await self.plant.deck.run(
            Invocation("plant import apply", person, arguments, confirmed=confirmed)
        )

    async def export(self, kind: str, person: Principal = ADMIN, **more: str) -> str:
        """Everything of a kind as CSV."""
        return self.plant.text(await self.plant.run("plant export", person, kind=kind, **more), "csv")

    async def keep(self, things: Sequence[Entity]) -> None:
        """Record things as they are."""
        async with self.plant.deck.services.store.writing() as transaction:
            await record_all(transaction, things)

    async def known(self, kind: str) -> list[Entity]:
        """What is on record of a kind, by key."""
        world = empty_world()
        async with self.plant.deck.services.store.reading() as connection:
            await fill(world, connection, NEWEST)
        return [thing for _key, thing in sorted(KINDS[kind].known(world).items())]

    def cell(self, page: Page, row: str, column: str) -> Value:
        return table(page, "rows")[row][column]
