from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from core.errors import InputError, OpsdeckError
from core.message import _
from core.moment import FrozenClock
from core.render.export import export_page
from core.render.values import Formatter

from .sample import CORPUS, NOW, foreign, formatter, page, pods, repr_of

CLOCK = FrozenClock(NOW)


def export(folder: Path, name: str = "Harbour Office", form: str = "markdown", zone: str = "UTC") -> Path:
    return export_page(page(name), form, folder, formatter(zone), CLOCK)


@pytest.mark.parametrize(
    ("form", "extension"),
    [("text", "txt"), ("markdown", "md"), ("json", "json"), ("csv", "csv"), ("html", "html")],
)
def test_the_name_says_what_and_when_in_the_person_s_zone(tmp_path: Path, form: str, extension: str) -> None:
    made = export(tmp_path / "exports", form=form, zone="Africa/Nairobi")
    assert made == tmp_path / "exports" / f"network-harbour-office-20260114-2042.{extension}"
    assert made.read_bytes()


def test_csv_files_end_their_lines_as_the_standard_says(tmp_path: Path) -> None:
    assert b"\r\n2026-01-14T12:00:00Z,10,2.5\r\n" in export(tmp_path, form="csv").read_bytes()


def test_files_and_folders_are_private_whatever_the_umask(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        made = export(tmp_path / "exports")
    finally:
        os.umask(old)
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.parent.stat().st_mode) == 0o700


def test_a_second_export_leaves_the_first_alone(tmp_path: Path) -> None:
    first = export(tmp_path)
    first.write_text("kept")
    assert export(tmp_path).name == "network-harbour-office-20260114-1742-2.md"
    assert first.read_text() == "kept"


@pytest.mark.parametrize(
    "name", [*CORPUS, "/etc/passwd", "~root", "con", "nul", "a" * 5_000, ""], ids=repr_of
)
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "exports"
    made = export(folder, name)
    assert made.resolve().parent == folder.resolve()
    assert [each.name for each in tmp_path.iterdir()] == ["exports"]
    assert set(made.stem) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert len(made.name) < 200


def test_a_title_without_any_latin_letter_still_has_a_name(tmp_path: Path) -> None:
    made = export_page(page("漢字", title=foreign("漢字")), "text", tmp_path, formatter(), CLOCK)
    assert made.name == "network-status-20260114-1742.txt"


def test_a_link_in_place_of_the_folder_or_the_file_is_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "exports").symlink_to(elsewhere)
    with pytest.raises(OpsdeckError, match="choose an export folder"):
        export(tmp_path / "exports")
    folder = tmp_path / "real"
    folder.mkdir()
    (folder / "network-harbour-office-20260114-1742.md").symlink_to(elsewhere / "stolen.md")
    assert export(folder).name.endswith("-2.md")
    assert list(elsewhere.iterdir()) == []


def test_a_file_in_place_of_the_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "exports").write_text("")
    with pytest.raises(OpsdeckError, match="choose an export folder"):
        export(tmp_path / "exports")


@pytest.mark.parametrize(
    ("number", "remedy"),
    [
        (errno.ENOSPC, "free some space"),
        (errno.EROFS, "choose another export folder"),
        (errno.EIO, "Can't write"),
    ],
)
def test_a_failed_write_says_what_to_do_and_leaves_no_half_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, remedy: str
) -> None:
    class Full:
        def __init__(self, handle: int) -> None:
            self.handle = handle

        def __enter__(self) -> Full:
            return self

        def __exit__(self, *_details: object) -> None:
            os.close(self.handle)

        def write(self, _content: bytes) -> None:
            raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fdopen", lambda handle, _mode: Full(handle))
    with pytest.raises(OpsdeckError, match=remedy) as raised:
        export(tmp_path)
    assert isinstance(raised.value.__cause__, OSError)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_full_disk_is_noticed_at_closing_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.open

    def onto_the_full_device(path: str, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        handle = real(path, flags, mode, dir_fd=dir_fd)
        if flags & os.O_CREAT:
            os.close(handle)
            return real("/dev/full", os.O_WRONLY)
        return handle

    monkeypatch.setattr(os, "open", onto_the_full_device)
    with pytest.raises(OpsdeckError, match="free some space"):
        export(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_format_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        export(tmp_path / "exports", form="docx")
    assert not (tmp_path / "exports").exists()


def test_a_cut_table_says_so_in_the_name_of_its_csv(tmp_path: Path) -> None:
    made = export_page(page("x", (pods(),)), "csv", tmp_path, formatter(), CLOCK)
    assert made.name == "network-x-20260114-1742-2-of-12431.csv"


def test_the_name_is_english_and_of_the_moment_the_page_shows(tmp_path: Path) -> None:
    past = page("Zürich Hbf", title=_("WAN"), at=NOW.replace(day=2, hour=3))
    english: Formatter = formatter()
    assert export_page(past, "json", tmp_path, english, CLOCK).name == "wan-zurich-hbf-20260102-0342.json"
