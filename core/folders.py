"""Where opsdeck keeps its files; every folder is made private to the person (reliability.md S15)."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from platformdirs import PlatformDirs

__all__ = ["Folders"]


@dataclass(frozen=True, slots=True)
class Folders:
    """The folders of one opsdeck.

    `config` holds what a person writes (settings file, themes, the key), `data` the database and its
    backups, `state` logs and the page cache, `exports` what a person asked to be written.
    """

    config: Path
    data: Path
    state: Path
    exports: Path

    @classmethod
    def default(cls, environment: dict[str, str] | None = None) -> Folders:
        """The platform's usual places, or all of them below `OPSDECK_HOME` where that is set."""
        environment = dict(os.environ) if environment is None else environment
        home = environment.get("OPSDECK_HOME", "").strip()
        if home:
            return cls.below(Path(home).expanduser().absolute())
        places = PlatformDirs("opsdeck", appauthor=False)
        return cls(
            config=places.user_config_path,
            data=places.user_data_path,
            state=places.user_state_path,
            exports=places.user_documents_path / "opsdeck",
        )

    @classmethod
    def below(cls, home: Path) -> Folders:
        """All folders inside one."""
        return cls(home / "config", home / "data", home / "state", home / "exports")

    @property
    def home(self) -> Path | None:
        """The folder that all but the exports lie below (`below`), where they do."""
        home = self.config.parent
        below = self.below(home)
        return (
            home if (below.config, below.data, below.state) == (self.config, self.data, self.state) else None
        )

    @property
    def relay_log(self) -> Path:
        return self.state / "relay.log"

    @property
    def relay_process(self) -> Path:
        return self.state / "relay.process"

    @property
    def settings_file(self) -> Path:
        return self.config / "opsdeck.toml"

    @property
    def database(self) -> Path:
        return self.data / "opsdeck.db"

    @property
    def backups(self) -> Path:
        return self.data / "backups"

    @property
    def log(self) -> Path:
        return self.state / "opsdeck.log"

    @property
    def page_cache(self) -> Path:
        return self.state / "pages.db"

    @property
    def themes(self) -> Path:
        return self.config / "themes"

    def make(self) -> None:
        """Make the folders that opsdeck itself writes into, readable by their owner alone."""
        for folder in (self.config, self.data, self.state):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
