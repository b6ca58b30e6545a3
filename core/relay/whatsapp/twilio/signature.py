"""Whether Twilio made a request, checked by Twilio's own validator (whatsapp.md B2).

The URL is the public one of the settings, with the query of the request: what a request says of its host
proves nothing. Every parameter counts, repeated ones too; the default port may be in the signed URL or not.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterator, Sequence
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

from twilio import request_validator as _untyped  # pyright: ignore[reportMissingTypeStubs]

from core.secret import Secret

__all__ = ["SETTINGS_HEADER", "SIGNATURE_HEADER", "FormFields", "TwilioKeys"]

_Validate = Callable[[str, "FormFields", str, str], bool]

_algorithm = cast("Callable[[str], str]", cast("Any", _untyped).get_signature_algorithm)

SIGNATURE_HEADER = "x-twilio-signature"
SETTINGS_HEADER = "x-twilio-webhooks-signature-settings"


class FormFields:
    """The fields of a form by their names, of which each may have several values, as the validator asks."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            self._values.setdefault(name, []).append(value)

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def getall(self, name: str) -> list[str]:
        """Every value of a name."""
        return self._values.get(name, [])

    def get(self, name: str) -> str:
        """The first value of a name; empty if there is none."""
        return self._values.get(name, [""])[0]


class TwilioKeys:
    """What requests may be signed with: auth tokens with HMAC_SHA1, shared keys with HMAC_SHA256."""

    def __init__(self, tokens: Sequence[Secret], shared_keys: Sequence[Secret] = ()) -> None:
        self._validators = {"HMAC_SHA1": _validators(tokens), "HMAC_SHA256": _validators(shared_keys)}

    def form_is_signed(self, url: str, fields: FormFields, signature: str, settings: str) -> bool:
        """Whether the signature is right for a form sent to `url`; for a GET there are no fields."""
        return self._signed(url, fields, signature, settings)

    def body_is_signed(self, url: str, body: bytes, signature: str, settings: str) -> bool:
        """Whether the signature is right for a body that is no form, whose hash must be in the URL."""
        stated = parse_qs(urlsplit(url).query).get("bodySHA256", [""])[0]
        actual = hashlib.sha256(body).hexdigest()
        if not hmac.compare_digest(stated.encode("utf-8", "replace"), actual.encode()):
            return False
        return self._signed(url, FormFields(()), signature, settings)

    def _signed(self, url: str, fields: FormFields, signature: str, settings: str) -> bool:
        algorithm = _algorithm(settings).upper()
        validators = self._validators.get(algorithm, ())
        return any(validate(url, fields, signature, algorithm) for validate in validators)


def _validators(secrets: Sequence[Secret]) -> tuple[_Validate, ...]:
    return tuple(_validator(each) for each in secrets if each)


def _validator(secret: Secret) -> _Validate:
    """Twilio's validator for one secret.

    It computes two signatures; mostly the first, for the URL as it is, is the right one, and the other
    needn't be.
    """
    official: Any = cast("Any", _untyped).RequestValidator(secret.reveal())

    def validate(url: str, fields: FormFields, signature: str, algorithm: str) -> bool:
        computed: str = official.compute_signature(url, fields, algorithm)
        if hmac.compare_digest(computed.encode(), signature.encode("utf-8", "replace")):
            return True
        return bool(official.validate(url, fields, signature, algorithm))

    return validate
