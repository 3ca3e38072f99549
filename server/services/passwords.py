"""Argon2id hashes of passwords. Never log or return a password; this module keeps none.

Checking costs tens of milliseconds on purpose: it is done outside every transaction, and for an
unknown login too, so that the answer's time tells nothing.
"""

from __future__ import annotations

import unicodedata

import argon2

# argon2-cffi's defaults are RFC 9106's low-memory profile: 64 MiB, 3 passes, 4 lanes.
hasher = argon2.PasswordHasher()
_decoys: dict[argon2.PasswordHasher, str] = {}


def hash_password(password: str) -> str:
    """The hash to keep; NFC first, because keyboards compose Vietnamese letters differently."""
    return hasher.hash(unicodedata.normalize("NFC", password))


def matches(stored: str | None, password: str) -> bool:
    """Whether the password is the stored one; as slow for no account as for one."""
    try:
        hasher.verify(stored or _decoy(), unicodedata.normalize("NFC", password))
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False
    return stored is not None


def outdated(stored: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return hasher.check_needs_rehash(stored)


def _decoy() -> str:
    if hasher not in _decoys:
        _decoys[hasher] = hasher.hash("nobody's password")
    return _decoys[hasher]
