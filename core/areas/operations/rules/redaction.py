"""What must not stand on a public page, taken out of words that people wrote for it (operations.md 7.4).

The public page takes no internal field to begin with. This is for what is written for the public itself,
where a slip of the pen could put an address or a figure: each find is replaced, and the rest stays readable.
"""

from __future__ import annotations

import re

from core.text import clean, redact

__all__ = ["public_text"]

_HIDDEN = "[removed]"
_LONGEST = 300
_PRIVATE = (
    re.compile(r"\bTraceback\b.*", re.IGNORECASE | re.DOTALL),
    re.compile(r"\bFile \"[^\"]*\", line \d+.*", re.DOTALL),
    re.compile(r"\bat [\w$.<>]{3,80}\([\w$]{1,60}\.\w{1,6}:\d+\)"),
    re.compile(r"\b[a-z][a-z0-9+.-]{1,20}://\S+", re.IGNORECASE),
    re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+"),
    re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+|/\d+)?\b"),
    re.compile(
        r"(?<![\w:])(?=[0-9a-f:]{0,40}(?:::|[a-f]|(?::[0-9a-f]{1,4}){3}))"  # and not a time of day
        r"(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])",
        re.IGNORECASE,
    ),
    re.compile(r"\b[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){2,}\b", re.IGNORECASE),
    re.compile(
        r"\b[a-z0-9-]{1,63}\.(?:local|lan|internal|intern|corp|home|test|example|com|net|org|io|dev)\b",
        re.IGNORECASE,
    ),
    re.compile(r"\b[a-z]{2,12}-?\d{0,2}-(?:db|app|web|node|host|srv|prod|primary|replica)-?\d{0,3}\b", re.I),
    re.compile(r"\b(?:INC|T|M|N)-\d{4}-\d{3,}\b"),
    re.compile(r"(?:[$€£¥]|\b(?:USD|EUR|GBP|KES)\b)\s?\d[\d.,]*(?:\s?[kKmM]\b)?(?:/\w+)?"),
    re.compile(r"\b\d[\d.,]*\s?(?:[$€£¥]|(?:USD|EUR|GBP|KES)\b)"),
    re.compile(r"(?<!\w)@\w{2,40}\b"),
)
"""Stack traces, addresses of all kinds, host names, our ids, amounts of money, people’s handles."""


def public_text(text: str) -> str:
    """`text` on one line, with whatever isn't for the public replaced."""
    safe = redact(clean(text))
    for private in _PRIVATE:
        safe = private.sub(_HIDDEN, safe)
    return clean(safe, _LONGEST)
