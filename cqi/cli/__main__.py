"""`python -m cqi.cli` is the `cqi` command."""

from cqi.cli import main

main.main()
