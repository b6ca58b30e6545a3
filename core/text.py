"""The one inlet that makes foreign text safe.

SSIDs, device names, ticket titles, chat messages and upstream error texts are foreign: they may carry
terminal escapes, bidirectional overrides, markup, formulas and forged log lines (reliability.md S1, S2,
S13, S17). Whatever comes from outside passes here once, at the inlet, and again where a surface draws it.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = [
    "MAXIMUM_LENGTH",
    "cell",
    "clean",
    "csv_field",
    "masked_phone",
    "paragraph",
    "redact",
    "shorten",
    "without_phones",
]

MAXIMUM_LENGTH = 2_000
"""Characters kept of one foreign text."""

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_ZERO_WIDTH_JOINER = "\N{ZERO WIDTH JOINER}"
_UNSAFE = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f"  # C0 except tab and newline, DEL
    "\x80-\x9f"  # C1, among them the one-byte CSI, OSC and DCS
    "\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069"  # bidirectional controls
    "\u2028\u2029"  # line and paragraph separators
    "\ud800-\udfff"  # lone surrogates, which no encoder accepts
    "\ufff9-\ufffb"  # interlinear annotation
    "]"
)
_FORMULA_START = ("=", "+", "-", "@", "\t", "\r", "\x00")
_NO_WORD = r"(?-i:(?![A-Za-z][a-z]{0,15}\b(?![+/=~-]|\.\w)))"
"""Not in front of an ordinary word, so that "Basic authentication failed" can be said."""
_NAMED = r"""(?:=|["']\s*:\s*["']))[^\s"'&,;]{4,}"""
_SECRETS = (
    re.compile(r"""(authorization["']?\s*[:=]\s*["']?)(?:basic|bearer)\s+[^\s"',]{6,}""", re.IGNORECASE),
    re.compile(rf"(basic[ :]++){_NO_WORD}[\w+/=.~-]{{6,}}", re.IGNORECASE),
    re.compile(rf"(bearer[ :]++){_NO_WORD}[\w+/=.~-]{{6,}}", re.IGNORECASE),
    re.compile(r"(bot\d{6,}+:)[\w-]{20,}"),  # Telegram's tokens, in an address and alone
    re.compile(r"(:(?<=\d{6}:))[\w-]{30,}"),
    re.compile(r"()eyJ(?<![\w-]eyJ)[\w-]{8,}+\.[\w-]{8,}+\.[\w-]*"),  # JSON web tokens
    re.compile(r"(://)[^/\s:@]*:[^/\s]+(?=@)"),  # user and password inside a URL
    *(re.compile(f"({name}{_NAMED}") for name in ("password", "passwd", "api_key", "_secret", "_token")),
)
"""What looks like a credential; the first group is what may stay.

Each begins with letters that are cheap to look for, and none looks at a run of text more than once.
"""
_IN_EVERY_SECRET = (":", "=", " ", "eyJ")
"""What looks like a credential has one of these in it: a word without them is looked at no further."""


_PHONE = re.compile(r"(?:(?<![\w.:-])|(?<=whatsapp:))\+?\d{8,15}(?!\w)")
_SHOWN_OF_PHONE = 3


def clean(text: str, limit: int = MAXIMUM_LENGTH) -> str:
    """`text` on one line: unsafe characters replaced, white space folded, at most `limit` characters."""
    kept, lost = text[: limit * 4], text[limit * 4 :]
    line = " ".join(_UNSAFE.sub(_REPLACEMENT, kept.replace("\r\n", "\n")).split())
    return shorten(line + "…" if lost.strip() else line, limit)


def cell(value: object, limit: int = MAXIMUM_LENGTH) -> str:
    """Any upstream scalar as safe one-line text; nothing at all becomes the empty string."""
    return "" if value is None else clean(str(value), limit)


def paragraph(text: str, limit: int = 100_000) -> str:
    """`text` with its line breaks and tabs, everything else unsafe replaced."""
    normal = text[: limit * 2 + 2].replace("\r\n", "\n")
    return shorten(_UNSAFE.sub(_REPLACEMENT, normal), limit)


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, the cut marked and no combining sequence broken in two."""
    if len(text) <= limit:
        return text
    if limit <= 0:
        return ""
    end = limit - 1
    while end > 0 and _joined(text[end - 1], text[end]):
        end -= 1
    return text[:end] + "…"


def csv_field(text: str) -> str:
    """`text` as no spreadsheet takes it for a formula (ASVS 1.2.10); quoting is the writer's."""
    return "'" + text if text.startswith(_FORMULA_START) else text


def redact(text: str) -> str:
    """`text` with everything that looks like a credential replaced."""
    if not any(mark in text for mark in _IN_EVERY_SECRET):
        return text
    for secret in _SECRETS:
        text = secret.sub(_redacted, text)
    return text


def masked_phone(phone: str) -> str:
    """A phone number as anybody may see it: its last three digits (reliability.md S20)."""
    digits = "".join(each for each in phone if each.isdecimal())
    return f"…{digits[-_SHOWN_OF_PHONE:]}" if len(digits) > 2 * _SHOWN_OF_PHONE else "…"


def without_phones(text: str) -> str:
    """`text` with every phone number in it masked."""
    return _PHONE.sub(lambda found: masked_phone(found[0]), text)


def _redacted(found: re.Match[str]) -> str:
    return f"{found[1]}[redacted]"


def _joined(before: str, after: str) -> bool:
    """Whether two characters in a row are drawn as one: marks, joined emoji, skin tones."""
    return (
        unicodedata.category(after).startswith("M")
        or _ZERO_WIDTH_JOINER in (before, after)
        or "\U0001f3fb" <= after <= "\U0001f3ff"
    )
