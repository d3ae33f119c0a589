"""Review instruments: definitions as data, conditions, rating. Pure Python, no database."""
