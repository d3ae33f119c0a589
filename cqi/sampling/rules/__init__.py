"""Calculations of sampling, each file one step: who stands in a frame, how many of each stratum,
which cases, how large."""
