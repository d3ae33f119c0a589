"""The `cqi` command, and the demonstration state that it can make."""
