"""Dated, typed settings with default, source and "agency to confirm"; read by key and date."""
