"""Passwords: argon2, at least twelve characters, none that is tried first. The web's sign-in reads
the same hashes."""

from __future__ import annotations

import argon2
import zxcvbn

from cqi.core.errors import Blocker

SHORTEST = 12
LONGEST = 200
DEMONSTRATION = "demonstration only"  # of invented people; printed on the page that asks for it
_FEWEST_GUESSES = 10**8  # of somebody who begins with the common ones
_LOOKED_AT = 72  # characters: what is longer costs time and is no easier to guess
_hasher = argon2.PasswordHasher()


def blockers(password: str) -> list[Blocker]:
    """Why a password cannot be taken; empty when it can (NIST SP 800-63B: length, no riddles, and a
    comparison with the common ones)."""
    if len(password) < SHORTEST:
        message = f"A password needs at least {SHORTEST} characters; three words make a good one"
        return [Blocker("password_short", message, "password")]
    if len(password) > LONGEST:
        return [
            Blocker("password_long", f"A password has at most {LONGEST} characters", "password")
        ]
    if zxcvbn.zxcvbn(password[:_LOOKED_AT])["guesses"] < _FEWEST_GUESSES:
        message = "This password is one of the first to be tried; take three words of your own"
        return [Blocker("password_common", message, "password")]
    return []


def fits(password: str, stored: str) -> bool:
    """True when a hash was made of this password."""
    try:
        return _hasher.verify(stored, password)
    except argon2.exceptions.VerifyMismatchError:
        return False


def hashed(password: str) -> str:
    """The argon2id hash to store."""
    return _hasher.hash(password)
