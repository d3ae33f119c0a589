"""Frames, strata, seeded draws, reserves, eliminations."""
