"""`python -m bench.shots`: photographs of the console, in three sizes and two themes.

Each shot is a picture and the same screen as text. The demo runs once for each theme; its terminal is
resized between shots as a person would resize it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.picture import draw_screen
from bench.terminal import ROOT, Terminal, clean_up_when_terminated, environment
from bench.testbed import CONSOLE, ENGINE_RUNS

__all__ = ["main"]

_README = ROOT / "deploy" / "screenshot.png"
_DEMO = ("demo", "--seed", "7", "--now", "2026-11-20T14:05:00Z")
_SIZES = ((80, 24), (120, 40), (200, 60))
_TOO_SMALL = (70, 20)
_THEMES = {"dark": ("#d6dce5", "#0f1319"), "light": ("#1f2733", "#fafbfc")}
_POD_DROPPED = "PODS DOWN +Harbour Office"
"""What the overview says once the demo's story has begun."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A view: the keys that lead to it from anywhere on the deck, and those that lead back."""

    name: str
    keys: tuple[str, ...]
    back: tuple[str, ...] = ()


_SHOTS = (
    Shot("overview", ("1",)),
    Shot("network", ("2",)),
    Shot("wan", ("3",)),
    Shot("wan-7-days", ("3", "t")),
    Shot("wan-30-days", ("3", "t")),
    Shot("wan-1-year", ("3", "t"), ("t", "t")),
    Shot("usage", ("4",)),
    Shot("usage-days", ("4", "ctrl+p", "usage days", "enter")),
    Shot("production", ("5",)),
    Shot("credits", ("5", "ctrl+p", "credits", "enter")),
    Shot("daily", ("5", "ctrl+p", "daily", "enter")),
    Shot("zoom", ("3", "z"), ("z",)),
    Shot("table-cursor", ("2", "down", "down", "s")),
    Shot("filter", ("1", "tab", "/", "pods"), ("escape", "escape")),
    Shot("past", ("1", *"[" * 6), ("\\",)),
    Shot("actions", ("2", "a"), ("escape",)),
    Shot("scope", ("2", "o"), ("escape",)),
    Shot("help", ("1", "?"), ("escape",)),
    Shot("palette", ("1", "ctrl+p"), ("escape",)),
    Shot("palette-search", ("1", "ctrl+p", "fleet"), ("escape",)),
    Shot("fleet", ("1", "ctrl+p", "fleet", "enter")),
)


def main() -> int:
    """Take every photograph, or only the README's."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.shots", description="Photograph every view of the console."
    )
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "shots", help="the folder to write into")
    parser.add_argument(
        "--readme", action="store_true", help=f"take only the README's picture, {_README.relative_to(ROOT)}"
    )
    options = parser.parse_args()
    clean_up_when_terminated()
    with tempfile.TemporaryDirectory(prefix="opsdeck-shots-") as name:
        folder = Path(name)
        if options.readme:
            _take_readme(folder)
            return 0
        out: Path = options.out
        out.mkdir(parents=True, exist_ok=True)
        for theme in _THEMES:
            _take_theme(folder, out, theme)
        _take_without_colour(folder, out)
        _take_welcome(folder, out)
    _tell(f"the shots are in {out}")
    return 0


def _demo(folder: Path, theme: str, columns: int, rows: int, **more: str) -> Terminal:
    """The demo with its engine running."""
    command = (*CONSOLE, *_DEMO, "--set", f"OPSDECK_THEME={theme}")
    variables = environment(TMPDIR=str(folder), **more)
    terminal = Terminal(command, variables, columns=columns, rows=rows, folder=folder)
    terminal.wait_for(ENGINE_RUNS)
    terminal.settle(1.0)
    return terminal


def _take_theme(folder: Path, out: Path, theme: str) -> None:
    with _demo(folder, theme, 120, 40) as terminal:
        for columns, rows in _SIZES:
            _tell(f"{theme}, {columns}×{rows}")
            terminal.resize(columns, rows)
            terminal.settle(1.0)
            for shot in _SHOTS:
                _press(terminal, shot.keys)
                _write(terminal, out, f"{theme}-{columns}x{rows}-{shot.name}", theme)
                _press(terminal, shot.back)
        terminal.resize(*_TOO_SMALL)
        terminal.settle(1.0)
        _write(terminal, out, f"{theme}-{_TOO_SMALL[0]}x{_TOO_SMALL[1]}-too-small", theme)


def _take_without_colour(folder: Path, out: Path) -> None:
    _tell("without colours")
    with _demo(folder, "dark", 120, 40, NO_COLOR="1") as terminal:
        for shot in _SHOTS[:3]:
            _press(terminal, shot.keys)
            _write(terminal, out, f"no-colour-120x40-{shot.name}", "dark")


def _take_welcome(folder: Path, out: Path) -> None:
    """The first start of a fresh opsdeck."""
    _tell("the first start")
    home = {"OPSDECK_HOME": str(folder / "fresh"), "TMPDIR": str(folder)}
    for columns, rows in _SIZES:
        with Terminal(CONSOLE, environment(**home), columns=columns, rows=rows, folder=folder) as terminal:
            terminal.wait_for("[Dd]emo")
            terminal.settle(1.5)
            _write(terminal, out, f"dark-{columns}x{rows}-welcome", "dark")


def _take_readme(folder: Path) -> None:
    with _demo(folder, "dark", 120, 40) as terminal:
        _press(terminal, ("1",))
        terminal.wait_for(_POD_DROPPED, 90.0)
        terminal.settle(1.0)
        _save(terminal, _README, "dark")
    _tell(f"{_README} has {_README.stat().st_size // 1024} KiB")


def _press(terminal: Terminal, keys: tuple[str, ...]) -> None:
    for key in keys:
        terminal.type(key)
        # Words are searched for; what is found takes a moment to appear.
        terminal.rest(0.12 if len(key) == 1 else 0.6)
    if keys:
        terminal.settle(0.6, 3.0)


def _write(terminal: Terminal, out: Path, name: str, theme: str) -> None:
    _save(terminal, out / f"{name}.png", theme)
    (out / f"{name}.txt").write_text("\n".join(terminal.lines) + "\n", encoding="utf-8")


def _save(terminal: Terminal, path: Path, theme: str) -> None:
    foreground, background = _THEMES[theme]
    draw_screen(terminal.screen, foreground=foreground, background=background).save(path, optimize=True)


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
