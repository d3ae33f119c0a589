"""Regional reviews: baseline, follow-up, ongoing and interim."""
