"""Pages that belong to no feature: home, sign-in, health, settings, places and instruments."""
