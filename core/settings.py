"""Typed settings, each with one name everywhere.

A setting's name is that of its environment variable. It is looked for, in this order, among the flags
(`--set NAME=VALUE`), in the environment, in a `.env` file of the working folder, and in the settings
file `opsdeck.toml` (there in lower case); its default comes last. Every area may declare a class of
settings of its own; a `SettingsBook` reads any of them by the same rule and can say where a value stood.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar, cast
from zoneinfo import ZoneInfo

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from core.errors import SettingsError
from core.folders import Folders
from core.message import Message, _
from core.moment import zone_names
from core.text import clean

__all__ = ["CoreSettings", "Setting", "SettingsBook", "SettingsGroup"]

G = TypeVar("G", bound="SettingsGroup")

_OTHERS_BEGIN = frozenset({"DATABASE_", "ENABLE_", "LOG_", "REDIS_"})
"""What names in the environment begin with that other programs have too: nobody is asked about those."""


class SettingsGroup(BaseSettings):
    """A class of settings; each field's alias is its name and its description the sentence about it."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True, validate_default=True)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what the book found: it has looked in every place already, in the order it promises."""
        return (init_settings,)

    @property
    def shortcoming(self) -> Message | None:
        """What hinders the settings from being of use though each can be read, if anything does."""
        return None


class CoreSettings(SettingsGroup):
    """What the core itself can be told."""

    database_url: str = Field(
        "",
        alias="DATABASE_URL",
        description="Where the database is: sqlite:////path/to/file.db or postgresql://user@host/name. "
        "Empty: a SQLite file in the data folder.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", alias="LOG_LEVEL", description="The least important messages that the log keeps."
    )
    debug: bool = Field(False, alias="DEBUG", description="Log everything and show causes with errors.")
    exports: Path | None = Field(
        None,
        alias="OPSDECK_EXPORTS",
        description="The folder that exported pages go to. Empty: Documents/opsdeck.",
    )
    timezone: str = Field(
        "",
        alias="OPSDECK_TIMEZONE",
        description="The zone in which times are shown, such as Africa/Nairobi. Empty: this machine's.",
    )
    language: Literal["en"] = Field(
        "en", alias="OPSDECK_LANGUAGE", description="The language of the console."
    )
    theme: str = Field(
        "dark", alias="OPSDECK_THEME", description="The console's colours: the name of a theme."
    )
    read_only: bool = Field(
        False,
        alias="OPSDECK_READ_ONLY",
        description="Start consoles that can look at everything and change nothing.",
    )
    strict_admin: bool = Field(
        False,
        alias="OPS_STRICT_ADMIN",
        description="Leave to administrators what operators and agents may do otherwise.",
    )
    keys: dict[str, str] = Field(
        default_factory=dict[str, str],
        alias="OPSDECK_KEYS",
        description='Other keys for actions by name, like {"refresh": "f5"}; `opsdeck keys` lists the names.',
    )
    raw_days: int = Field(
        400, alias="OPSDECK_RAW_DAYS", ge=2, le=3_650, description="Days for which single samples are kept."
    )
    version_days: int = Field(
        400,
        alias="OPSDECK_VERSION_DAYS",
        ge=2,
        le=3_650,
        description="Days back to which every page can be wound.",
    )
    event_days: int = Field(
        400, alias="OPSDECK_EVENT_DAYS", ge=2, le=3_650, description="Days for which events are kept."
    )
    poll_days: int = Field(
        14,
        alias="OPSDECK_POLL_DAYS",
        ge=1,
        le=400,
        description="Days for which each single poll is remembered.",
    )
    backups_kept: int = Field(
        7,
        alias="OPSDECK_BACKUPS_KEPT",
        ge=1,
        le=90,
        description="Nightly backups kept; the oldest goes first.",
    )
    database_warning_mb: int = Field(
        2_048,
        alias="OPSDECK_DATABASE_WARNING_MB",
        ge=1,
        description="Warn when the database is larger, in MB.",
    )
    disk_warning_mb: int = Field(
        512,
        alias="OPSDECK_DISK_WARNING_MB",
        ge=1,
        description="Warn when less room is left on its disk, in MB.",
    )

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("keys", mode="before")
    @classmethod
    def _keys_from_text(cls, value: object) -> object:
        return json.loads(value) if isinstance(value, str) else value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value and value not in zone_names():
            raise ValueError("no such time zone; write it like Africa/Nairobi")
        return value

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which times are shown."""
        return ZoneInfo(self.timezone) if self.timezone else _machine_zone()


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as it stands: its value as text (a secret's hidden), where it stood, what it does."""

    name: str
    value: str
    place: str
    description: str


class SettingsBook:
    """Every place a setting may stand in, read once."""

    def __init__(
        self,
        folders: Folders,
        *,
        flags: Mapping[str, str] | None = None,
        environment: Mapping[str, str] | None = None,
        dotenv: Path | None = None,
    ) -> None:
        """Read the settings file and `.env`.

        Raises:
            SettingsError: one of the files can't be read.
        """
        self.folders = folders
        environment = os.environ if environment is None else environment
        self.dotenv = Path.cwd() / ".env" if dotenv is None else dotenv
        file = folders.settings_file
        self._places: tuple[tuple[str, Mapping[str, object]], ...] = (
            ("flag --set", _upper_names(flags or {})),
            ("environment", _upper_names({k: v for k, v in environment.items() if v.strip()})),
            (str(self.dotenv), _read_dotenv(self.dotenv)),
            (str(file), _read_file(file)),
        )
        self._groups: dict[type[SettingsGroup], SettingsGroup] = {}

    def of(self, group: type[G]) -> G:
        """The settings of one class.

        Raises:
            SettingsError: a value is wrong; the sentence names it, its place and what would do.
        """
        if group not in self._groups:
            try:
                self._groups[group] = group(**{name: self._find(name)[1] for name in self._given(group)})
            except ValidationError as error:
                raise SettingsError(self._complaint(group, error)) from error
        return cast("G", self._groups[group])

    def settings(self, group: type[SettingsGroup]) -> list[Setting]:
        """Every setting of the class, with its value and where it stood."""
        values = self.of(group)
        result: list[Setting] = []
        for field, info in group.model_fields.items():
            value = getattr(values, field)
            shown = "••••" if isinstance(value, SecretStr) and value.get_secret_value() else str(value)
            name = _name(field, info)
            place = self._find(name)[0] or "default"
            result.append(Setting(name, clean(shown), place, info.description or ""))
        return result

    def unknown(self, groups: Sequence[type[SettingsGroup]]) -> list[tuple[str, str]]:
        """Names that look meant for opsdeck but that nothing knows, with their places."""
        known = {_name(field, info) for group in groups for field, info in group.model_fields.items()}
        prefixes = {name.split("_")[0] + "_" for name in known if "_" in name} - _OTHERS_BEGIN
        found: list[tuple[str, str]] = []
        for index, (place, values) in enumerate(self._places):
            for name in sorted(values):
                ours = index != 1 or name.startswith(tuple(prefixes))
                if ours and name not in known and name != "OPSDECK_HOME":
                    found.append((name, place))
        return found

    def handed_on(self, groups: Iterable[type[SettingsGroup]], base: Mapping[str, str]) -> dict[str, str]:
        """The environment in which a process started in the folder of `dotenv` finds the same settings.

        It is `base` without what names a setting there, and with what this book was told by flags and by
        its environment.
        """
        known = {_name(field, info) for group in groups for field, info in group.model_fields.items()}
        told = {name: value for name in known for value in [self._told(name)] if value is not None}
        others = {name: value for name, value in base.items() if name.upper() not in known}
        home = self.folders.home
        return {**others, **told, **({} if home is None else {"OPSDECK_HOME": str(home)})}

    def _told(self, name: str) -> str | None:
        """The setting as a flag or the environment has it, flags first."""
        given = next((values[name] for _place, values in self._places[:2] if name in values), None)
        return None if given is None else str(given)

    def _given(self, group: type[SettingsGroup]) -> list[str]:
        names = [_name(field, info) for field, info in group.model_fields.items()]
        return [name for name in names if self._find(name)[0]]

    def _find(self, name: str) -> tuple[str, Any]:
        for place, values in self._places:
            if name in values:
                return place, values[name]
        return "", None

    def _complaint(self, group: type[SettingsGroup], error: ValidationError) -> Message:
        first = error.errors()[0]
        name = str(first["loc"][0])
        place, value = self._find(name)
        info = next((i for f, i in group.model_fields.items() if _name(f, i) == name), None)
        secret = info is not None and info.annotation is SecretStr
        return _(
            "The setting {name} in {place} can't be “{value}”: {reason}. {description}",
            name=name,
            place=place or "default",
            value="••••" if secret else clean(str(value), 80),
            reason=_reason(first["type"], first["msg"]),
            description=(info.description if info else "") or "",
        )


def _reason(kind: str, complaint: str) -> Message | str:
    """What is wrong with a value; of a pattern, the description that follows tells more than itself."""
    if kind == "string_pattern_mismatch":
        return _("it isn’t written that way")
    return clean(complaint.removeprefix("Value error, "))


def _name(field: str, info: FieldInfo) -> str:
    return info.alias or field.upper()


def _upper_names(values: Mapping[str, object]) -> dict[str, object]:
    return {name.upper(): value for name, value in values.items()}


def _read_dotenv(path: Path) -> dict[str, object]:
    try:
        if not path.is_file():
            return {}
        values = dotenv_values(path, interpolate=False)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            _("{path} can't be read: {reason}.", path=str(path), reason=clean(str(error)))
        ) from error
    return _upper_names({name: value for name, value in values.items() if value and value.strip()})


def _read_file(path: Path) -> dict[str, object]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            _("{path} can't be read: {reason}.", path=str(path), reason=clean(str(error)))
        ) from error
    try:
        return _upper_names(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(
            _("{path} is not valid TOML: {reason}.", path=str(path), reason=clean(str(error)))
        ) from error


def _machine_zone() -> ZoneInfo:
    """The machine's zone by name, or UTC where it can't be told."""
    name = os.environ.get("TZ", "").removeprefix(":")
    if not name:
        link = os.path.realpath("/etc/localtime")
        name = link.partition("zoneinfo/")[2]
    return ZoneInfo(name) if name in zone_names() else ZoneInfo("UTC")
