"""Database session, clock, business calendar, events (the audit chain), errors, data folders."""
