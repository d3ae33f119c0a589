"""State, regions, counties and units, with dates."""
