"""Fixtures that several files of this folder use."""

from tests.reporting.working import desk as desk
