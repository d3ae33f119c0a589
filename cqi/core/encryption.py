"""AES-256-GCM for single column values: key id, nonce, ciphertext.

The keyring is set once a process (`use`), before the first encrypted column is touched.
"""

from __future__ import annotations

import os
from typing import Any

from cryptography.hazmat.primitives.ciphers import aead
from sqlalchemy import LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from cqi.core import keys

_NONCE = 12
_ring: dict[str, Any] = {}


def use(secrets: keys.Keys) -> None:
    """Set the keys that this process encrypts and decrypts columns with."""
    _ring["newest"] = secrets.column_key_id
    _ring["ciphers"] = {key: aead.AESGCM(value) for key, value in secrets.columns.items()}


def encrypt(text: str) -> bytes:
    """UTF-8 text to bytes: one byte of key id length, key id, nonce, ciphertext with tag."""
    return seal(text.encode())


def seal(content: bytes) -> bytes:
    """The same of bytes."""
    newest: str = _ring["newest"]
    nonce = os.urandom(_NONCE)
    body = _ring["ciphers"][newest].encrypt(nonce, content, newest.encode())
    return b"".join([prefix(newest), nonce, body])


def prefix(key_id: str) -> bytes:
    """What every value begins with that was encrypted with this key."""
    return bytes([len(key_id)]) + key_id.encode()


def decrypt(value: bytes) -> str:
    """The reverse of `encrypt`. Raises InvalidTag when the value was changed."""
    return str(unseal(value), "utf-8")


def unseal(value: bytes) -> bytes:
    """The reverse of `seal`."""
    size = value[0]
    key_id, rest = value[1 : 1 + size], value[1 + size :]
    plain: bytes = _ring["ciphers"][key_id.decode()].decrypt(rest[:_NONCE], rest[_NONCE:], key_id)
    return plain


class Encrypted(TypeDecorator[Any]):
    """A column that only this product can read."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:  # noqa: ARG002 - the library's signature
        """Encrypt on the way in."""
        return None if value is None else seal(self.packed(value))

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:  # noqa: ARG002 - the library's signature
        """Decrypt on the way out."""
        return None if value is None else self.unpacked(unseal(bytes(value)))

    def packed(self, value: Any) -> bytes:
        """A value as bytes."""
        raise NotImplementedError

    def unpacked(self, content: bytes) -> Any:
        """The reverse."""
        raise NotImplementedError


class EncryptedText(Encrypted):
    """A text."""

    cache_ok = True

    def packed(self, value: str) -> bytes:
        """In UTF-8."""
        return value.encode()

    def unpacked(self, content: bytes) -> str:
        """From UTF-8."""
        return str(content, "utf-8")


class EncryptedBytes(Encrypted):
    """A file."""

    cache_ok = True

    def packed(self, value: bytes) -> bytes:
        """As it is."""
        return value

    def unpacked(self, content: bytes) -> bytes:
        """As it was."""
        return content
