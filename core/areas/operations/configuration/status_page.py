"""The status page as people write it: `status_page.toml`."""

from __future__ import annotations

from pathlib import Path

from core.areas.operations.configuration.document import Entry, own_or_shipped, read_toml
from core.areas.operations.model_components import ComponentGroup, PageComponent, StatusPageLayout
from core.errors import NotFoundError
from core.message import _

__all__ = ["STATUS_PAGE_FILE", "chosen_component", "load_status_page", "read_status_page"]

STATUS_PAGE_FILE = "status_page.toml"


def load_status_page(folder: Path | None) -> StatusPageLayout:
    """The page's layout: the person's own in the config folder, else the shipped one.

    Raises:
        SettingsError: it is wrong; the sentence names the file, the entry and the key.
    """
    text, place = own_or_shipped(folder, STATUS_PAGE_FILE)
    return read_status_page(text, place)


def read_status_page(text: str, place: str) -> StatusPageLayout:
    """The layout that a file's text describes."""
    document = Entry(read_toml(text, place), place, keys=("title", "group"))
    groups = tuple(
        _group(table, f"{place}, group {number}") for number, table in enumerate(document.entries("group"), 1)
    )
    layout = StatusPageLayout(document.text("title"), groups)
    ids = [component.id for component in layout.components]
    twice = next((id_ for id_ in ids if ids.count(id_) > 1), None)
    if twice is not None:
        raise document.wrong(_("two components have the id “{id}”", id=twice))
    if not ids:
        raise document.wrong(_("it has no components"))
    return layout


def chosen_component(layout: StatusPageLayout, word: str) -> PageComponent:
    """The component that a person means by its id or name.

    Raises:
        NotFoundError: the page has none of that id or name.
    """
    wanted = word.strip().casefold()
    for component in layout.components:
        if wanted in (component.id.casefold(), component.name.casefold()):
            return component
    known = ", ".join(each.id for each in layout.components)
    raise NotFoundError(
        _("The status page has no component “{word}”; it has {known}.", word=word[:60], known=known)
    )


def _group(table: object, place: str) -> ComponentGroup:
    entry = Entry(table, place, keys=("id", "name", "component"))
    components = tuple(_component(each, f"{place}, a component") for each in entry.entries("component"))
    return ComponentGroup(entry.id("id"), entry.text("name"), components)


def _component(table: object, place: str) -> PageComponent:
    entry = Entry(table, place, keys=("id", "name", "checks", "showcased"))
    return PageComponent(
        id=entry.id("id"),
        name=entry.text("name"),
        checks=entry.texts("checks"),
        showcased=entry.flag("showcased", default=True),
    )
