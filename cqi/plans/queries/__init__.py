"""Reads: `records` for what actions work on, `sheets` for what pages show, `outcomes`."""
