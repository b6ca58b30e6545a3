"""Keys and secrets: what is encrypted at rest, with which key, how that is replaced (reliability.md S16).

The key file holds lines: Fernet keys, the newest first, and once a key has been replaced an `audit:` line.
Everything is encrypted with the first key; the others only decrypt. The key that seals the audit log is
derived from the first key ever made and, because that log outlives it, kept in the `audit:` line from the
first replacement on. A new key comes into use in three steps: `rotate`, re-encrypt what is stored, `retire`.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import os
import stat
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.errors import OpsdeckError, SettingsError
from core.message import _
from core.secret import Secret

__all__ = ["KEY_FILE", "Secret", "Vault", "VaultError"]

KEY_FILE = "opsdeck.key"
"""The name of the key file, and of the credential that a service manager hands over."""

_AUDIT_LINE = "audit:"


class VaultError(OpsdeckError):
    """A text can't be decrypted: it was encrypted with another key, or changed."""


class Vault:
    """Encrypts and decrypts with the team's keys.

    `path` is the key file, or nothing when the key comes from the service manager and is kept there.
    """

    def __init__(
        self, keys: Sequence[bytes], audit_key: bytes | None = None, path: Path | None = None
    ) -> None:
        self._keys = tuple(keys)
        self._fernet = MultiFernet([Fernet(key) for key in self._keys])
        self._kept_audit_key = audit_key
        self.path = path

    @classmethod
    def open(cls, folder: Path, environment: Mapping[str, str] | None = None) -> Vault:
        """The vault of this installation: the service manager's key, else the key file in `folder`.

        A key file that isn't there is made, readable by its owner only.

        Raises:
            SettingsError: the key file is readable by others, can't be read, or holds no key.
        """
        given = (os.environ if environment is None else environment).get("CREDENTIALS_DIRECTORY")
        credential = None if given is None else Path(given) / KEY_FILE
        if credential is not None and credential.exists():
            return cls._read(credential, None)
        path = folder / KEY_FILE
        if not path.exists():
            _make_first(path)
        _refuse_if_exposed(path)
        return cls._read(path, path)

    def __repr__(self) -> str:
        return "Vault([secret])"

    @property
    def audit_key(self) -> bytes:
        """The key that seals the audit log, the same for as long as the log lives."""
        if self._kept_audit_key is not None:
            return self._kept_audit_key
        derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"opsdeck audit log")
        return derive.derive(base64.urlsafe_b64decode(self._keys[-1]))

    def encrypt(self, text: str) -> str:
        """The text encrypted with the newest key."""
        return self._fernet.encrypt(text.encode()).decode("ascii")

    def decrypt(self, token: str) -> str:
        """What `encrypt` was given, under any key that is still kept.

        Raises:
            VaultError: no kept key opens it, or it was changed.
        """
        try:
            return self._fernet.decrypt(token.encode()).decode()
        except (InvalidToken, UnicodeError) as error:
            raise VaultError(
                _("A stored credential can't be decrypted: the key has changed since. Enter it again.")
            ) from error

    def reencrypt(self, token: str) -> str:
        """The same text encrypted with the newest key."""
        return self.encrypt(self.decrypt(token))

    def rotate(self) -> Vault:
        """The vault with a new key in front, the file rewritten; the old keys still decrypt.

        Raises:
            SettingsError: the key is the service manager's, where only its operator can replace it.
        """
        return self._rewrite((Fernet.generate_key(), *self._keys))

    def retire(self) -> Vault:
        """The vault with the newest key only, once everything stored was put through `reencrypt`."""
        return self._rewrite(self._keys[:1])

    def _rewrite(self, keys: Sequence[bytes]) -> Vault:
        if self.path is None:
            raise SettingsError(
                _("The key comes from the service manager; put a new one in its credential's first line.")
            )
        audit_key = self.audit_key
        lines = [*(key.decode() for key in keys), _AUDIT_LINE + base64.urlsafe_b64encode(audit_key).decode()]
        _write_beside(self.path, lines).replace(self.path)
        _make_durable(self.path.parent)
        return Vault(keys, audit_key, self.path)

    @classmethod
    def _read(cls, source: Path, path: Path | None) -> Vault:
        try:
            lines = [line.strip() for line in source.read_text("ascii").splitlines() if line.strip()]
            audit = [line.removeprefix(_AUDIT_LINE) for line in lines if line.startswith(_AUDIT_LINE)]
            keys = [line.encode() for line in lines if not line.startswith(_AUDIT_LINE)]
            return cls(keys, base64.urlsafe_b64decode(audit[0]) if audit else None, path)
        except OSError as error:
            raise SettingsError(_("The key file {path} can't be read.", path=str(source))) from error
        except (ValueError, binascii.Error) as error:
            raise SettingsError(
                _("{path} holds no key. Put the key back from your backup of it.", path=str(source))
            ) from error


def _make_first(path: Path) -> None:
    """Make the key file with a first key in it, unless another process is faster.

    Raises:
        SettingsError: it can't be written.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = _write_beside(path, [Fernet.generate_key().decode()])
        with contextlib.suppress(FileExistsError):
            os.link(beside, path)
        beside.unlink()
        _make_durable(path.parent)
    except OSError as error:
        raise SettingsError(_("The key file {path} can't be written.", path=str(path))) from error


def _write_beside(path: Path, lines: Sequence[str]) -> Path:
    """Write a file in the folder of `path` that only its owner could ever read, and see it onto the disk."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write("\n".join(lines) + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    return Path(name)


def _make_durable(folder: Path) -> None:
    """See the folder's new entries onto the disk: a lost key is every credential lost."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _refuse_if_exposed(path: Path) -> None:
    """Refuse a key that others on this machine may have read."""
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise SettingsError(
            _(
                "Others on this machine can read the key file {path}. Run “chmod 600 {path}”, and replace the"
                " key if they may have.",
                path=str(path),
            )
        )
