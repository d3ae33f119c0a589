"""Definitions in reports/, assembled into one document; results pages."""
