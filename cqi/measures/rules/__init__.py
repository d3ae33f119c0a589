"""The arithmetic of measures, pure: intervals, findings, goals, tabulation of frozen rows."""
