"""Program improvement plans: goals, strategies, steps and deadlines."""
