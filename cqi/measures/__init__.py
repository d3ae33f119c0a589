"""Numerators over denominators, intervals, comparisons and frozen runs."""
