"""Keys and secrets: private from the first byte, replaceable, and never shown."""

from __future__ import annotations

import logging
import os
import pickle
import stat
import traceback
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from core.errors import SettingsError
from core.vault import KEY_FILE, Secret, Vault, VaultError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "config"


def test_the_key_is_made_private_on_the_first_start(folder: Path) -> None:
    before = os.umask(0)
    try:
        vault = Vault.open(folder, {})
    finally:
        os.umask(before)
    assert stat.S_IMODE((folder / KEY_FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [file.name for file in folder.iterdir()] == [KEY_FILE]
    assert vault.path == folder / KEY_FILE


def test_what_is_encrypted_today_is_read_after_a_restart(folder: Path) -> None:
    token = Vault.open(folder, {}).encrypt("a fake pässword")
    assert "fake" not in token
    assert Vault.open(folder, {}).decrypt(token) == "a fake pässword"


def test_another_installation_reads_nothing(folder: Path, tmp_path: Path) -> None:
    token = Vault.open(folder, {}).encrypt("a fake password")
    with pytest.raises(VaultError, match="Enter it again") as caught:
        Vault.open(tmp_path / "other", {}).decrypt(token)
    assert token not in str(caught.value)


@pytest.mark.parametrize("token", ["", "x", "gAAAAA", "päß"])
def test_a_spoilt_text_is_told(folder: Path, token: str) -> None:
    with pytest.raises(VaultError):
        Vault.open(folder, {}).decrypt(token)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
def test_a_key_others_can_read_is_refused_with_the_remedy(folder: Path, mode: int) -> None:
    Vault.open(folder, {})
    (folder / KEY_FILE).chmod(mode)
    with pytest.raises(SettingsError, match=f"chmod 600 {folder / KEY_FILE}"):
        Vault.open(folder, {})


@pytest.mark.parametrize("content", ["", "\n", "not a key\n", "audit:AAAA\n", "schlüssel\n"])
def test_a_spoilt_key_file_is_told_and_kept(folder: Path, content: str) -> None:
    Vault.open(folder, {})
    (folder / KEY_FILE).write_text(content)
    with pytest.raises(SettingsError, match="holds no key"):
        Vault.open(folder, {})
    assert (folder / KEY_FILE).read_text() == content


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="can't be written"):
        Vault.open(tmp_path / "file" / "config", {})


def test_the_service_managers_key_goes_first(folder: Path, tmp_path: Path) -> None:
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    (credentials / KEY_FILE).write_text(Fernet.generate_key().decode() + "\n")
    (credentials / KEY_FILE).chmod(0o440)
    vault = Vault.open(folder, {"CREDENTIALS_DIRECTORY": str(credentials)})
    assert not folder.exists()
    assert Vault.open(folder, {"CREDENTIALS_DIRECTORY": str(credentials)}).decrypt(vault.encrypt("x")) == "x"
    with pytest.raises(SettingsError, match="service manager"):
        vault.rotate()


def test_a_service_manager_without_our_key_leaves_us_the_file(folder: Path, tmp_path: Path) -> None:
    Vault.open(folder, {"CREDENTIALS_DIRECTORY": str(tmp_path)})
    assert (folder / KEY_FILE).exists()


def test_a_key_is_replaced_in_three_steps(folder: Path) -> None:
    first = Vault.open(folder, {})
    token = first.encrypt("a fake password")
    both = first.rotate()
    renewed = both.reencrypt(token)
    assert Vault.open(folder, {}).decrypt(token) == "a fake password"
    with pytest.raises(VaultError):
        first.decrypt(renewed)
    only = both.retire()
    for vault in (only, Vault.open(folder, {})):
        assert vault.decrypt(renewed) == "a fake password"
        with pytest.raises(VaultError):
            vault.decrypt(token)
    assert stat.S_IMODE((folder / KEY_FILE).stat().st_mode) == 0o600
    assert [file.name for file in folder.iterdir()] == [KEY_FILE]


def test_the_audit_key_outlives_every_replacement(folder: Path, tmp_path: Path) -> None:
    vault = Vault.open(folder, {})
    key = vault.audit_key
    assert len(key) == 32
    for _round in range(2):
        vault = vault.rotate()
        assert vault.audit_key == key
        vault = vault.retire()
        assert vault.audit_key == key
    assert Vault.open(folder, {}).audit_key == key
    assert Vault.open(tmp_path / "other", {}).audit_key != key


def test_the_audit_key_is_not_the_key_itself(folder: Path) -> None:
    vault = Vault.open(folder, {})
    assert vault.audit_key not in (folder / KEY_FILE).read_bytes()


def test_a_vault_does_not_print_its_keys(folder: Path) -> None:
    vault = Vault.open(folder, {})
    key = (folder / KEY_FILE).read_text().strip()
    assert key not in repr(vault) + str(vault) + f"{vault}"


def test_a_secret_does_not_print(caplog: pytest.LogCaptureFixture) -> None:
    secret = Secret("canary")
    shown = [repr(secret), str(secret), f"{secret}", f"{secret!r:>20}", "%s" % secret, repr([secret])]  # noqa: UP031
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("opsdeck").warning("signing in with %s", secret)
    shown += traceback.format_exception(ValueError(secret))
    assert "canary" not in " ".join([*shown, caplog.text])
    assert secret.reveal() == "canary"


def test_a_secret_compares_and_cannot_be_pickled() -> None:
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a")}) == 1
    assert not Secret("")
    with pytest.raises(TypeError):
        pickle.dumps(Secret("canary"))
