"""`opsdeck keys` and `opsdeck completion`: lists that need nothing but declarations."""

from __future__ import annotations

import argparse

from console.exits import Exit

__all__ = ["print_completion", "print_keys"]


def print_keys() -> int:
    """Every key of the console with its name, for OPSDECK_KEYS."""
    from console.keymap import KEYS, Keymap

    keymap, _problems = Keymap.resolve({})
    for key in KEYS:
        print(f"{key.name:<16} {keymap.all_shown(key.name):<18} {key.help}")  # noqa: T201
    return Exit.DONE


def print_completion(parser: argparse.ArgumentParser, shell: str) -> int:
    """A completion script that needs no opsdeck to run: everything it offers is in its text."""
    import shtab

    print(shtab.complete(parser, shell=shell))  # noqa: T201
    return Exit.DONE
