"""The checker: structure first, then meaning; every problem at once."""
