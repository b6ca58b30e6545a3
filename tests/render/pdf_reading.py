"""What stands where in a PDF of ours: read back out of the file, as a viewer reads it."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Piece", "pieces", "sheet_count", "streams", "text_of"]

_OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
_STREAM = re.compile(rb"stream\n(.*?)\nendstream", re.DOTALL)
_TOKEN = re.compile(
    rb"/(?P<font>F\d+) (?P<size>[\d.]+) Tf"
    rb"|(?P<x>-?[\d.]+) (?P<y>-?[\d.]+) (?:Td|Tm)"
    rb"|\((?P<shown>(?:\\.|[^\\)])*)\) Tj",
    re.DOTALL,
)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t"}


@dataclass(frozen=True, slots=True)
class Piece:
    """Letters that are shown from one place on; `codes` are the glyphs' numbers in the file's font."""

    sheet: int
    x: float
    y: float
    font: str
    size: float
    codes: tuple[int, ...]
    text: str


def pieces(content: bytes) -> list[Piece]:
    """Everything that is shown, in the order of drawing."""
    assert content.startswith(b"%PDF-1.")
    assert content.rstrip().endswith(b"%%EOF")
    objects = dict(_objects(content))
    letters = {name: _to_text(objects[number], objects) for name, number in _fonts(objects)}
    found: list[Piece] = []
    for number, sheet in enumerate(_sheets(objects)):
        found += _shown(number, sheet, letters)
    return found


def text_of(content: bytes, *, sheet: int | None = None) -> str:
    """The letters of a file or of one sheet, a line for each height they stand at."""
    lines: dict[tuple[int, float], list[Piece]] = {}
    for piece in pieces(content):
        if sheet in (None, piece.sheet):
            lines.setdefault((piece.sheet, piece.y), []).append(piece)
    ordered = sorted(lines.items(), key=lambda each: (each[0][0], -each[0][1]))
    return "\n".join("".join(each.text for each in line) for _place, line in ordered)


def sheet_count(content: bytes) -> int:
    return len(_sheets(dict(_objects(content))))


def streams(content: bytes) -> Iterator[bytes]:
    """Every stream, unpacked."""
    for _number, body in _objects(content):
        if stream := _stream(body):
            yield stream


def _objects(content: bytes) -> Iterator[tuple[int, bytes]]:
    for found in _OBJECT.finditer(content):
        yield int(found[1]), found[2]


def _stream(body: bytes) -> bytes:
    found = _STREAM.search(body)
    if found is None:
        return b""
    return zlib.decompress(found[1]) if b"/FlateDecode" in body else found[1]


def _sheets(objects: dict[int, bytes]) -> list[bytes]:
    kids = next(body for body in objects.values() if b"/Type /Pages" in body)
    found = re.search(rb"/Kids \[(.*?)\]", kids, re.DOTALL)
    assert found is not None
    numbers = [int(each) for each in re.findall(rb"(\d+) 0 R", found[1])]
    contents = [re.search(rb"/Contents (\d+) 0 R", objects[number]) for number in numbers]
    return [_stream(objects[int(each[1])]) for each in contents if each is not None]


def _fonts(objects: dict[int, bytes]) -> Iterator[tuple[str, int]]:
    for body in objects.values():
        if found := re.search(rb"/Font <<(.*?)>>", body, re.DOTALL):
            for name, number in re.findall(rb"/(F\d+) (\d+) 0 R", found[1]):
                yield name.decode(), int(number)


def _to_text(font: bytes, objects: dict[int, bytes]) -> dict[int, str]:
    found = re.search(rb"/ToUnicode (\d+) 0 R", font)
    assert found is not None
    table = _stream(objects[int(found[1])])
    return {
        int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be")
        for code, text in re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>\n", table)
        if code != text or code != b"0000"
    }


def _shown(number: int, sheet: bytes, letters: dict[str, dict[int, str]]) -> Iterator[Piece]:
    font, size, x, y = "", 0.0, 0.0, 0.0
    for token in _TOKEN.finditer(sheet):
        if token["font"]:
            font, size = token["font"].decode(), float(token["size"])
        elif token["x"]:
            x, y = float(token["x"]), float(token["y"])
        else:
            raw = re.sub(rb"\\(.)", lambda each: _ESCAPED.get(each[1], each[1]), token["shown"], flags=re.S)
            codes = tuple(int.from_bytes(raw[at : at + 2]) for at in range(0, len(raw), 2))
            text = "".join(letters[font].get(code, "") for code in codes)
            yield Piece(number, x, y, font, size, codes, text)
