"""Passwords: argon2, at least twelve characters. The web's sign-in reads the same hashes."""

from __future__ import annotations

import argon2

from cqi.core.errors import Blocker

SHORTEST = 12
LONGEST = 200
DEMONSTRATION = "demonstration only"  # of invented people; printed on the page that asks for it
_hasher = argon2.PasswordHasher()


def blockers(password: str) -> list[Blocker]:
    """Why a password cannot be taken; empty when it can (NIST SP 800-63B: length, no riddles)."""
    if len(password) < SHORTEST:
        message = f"A password needs at least {SHORTEST} characters; three words make a good one"
        return [Blocker("password_short", message, "password")]
    if len(password) > LONGEST:
        return [
            Blocker("password_long", f"A password has at most {LONGEST} characters", "password")
        ]
    if len(set(password)) < 4:
        return [Blocker("password_plain", "Use more than three different characters", "password")]
    return []


def hashed(password: str) -> str:
    """The argon2id hash to store."""
    return _hasher.hash(password)
