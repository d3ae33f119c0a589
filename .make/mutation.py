"""What came of a mutation run: killed and run by file, then each mutant that lived.

Reads what mutmut left in mutants/. Ends with 1 where fewer than 90 of 100 were killed.
"""

import json
import pathlib
import sys

RUN = pathlib.Path("mutants")
WANTED = 0.90
# How pytest ended for a mutant, as mutmut writes it down; None where it was not run.
FAILED = {1}
TIMED_OUT = {-24, 24, 36, 152, 255}  # fifteen times longer than its tests take unchanged
KILLED = FAILED | TIMED_OUT


def ends_by_file():
    """{file: {mutant: how it ended}}."""
    texts = {path.relative_to(RUN): path.read_text("utf-8") for path in sorted(RUN.rglob("*.meta"))}
    return {
        path.with_suffix(""): json.loads(text)["exit_code_by_key"] for path, text in texts.items()
    }


def count(words, ends):
    """Print killed and run; returns the mutants that lived, with how they ended."""
    run = {name: end for name, end in ends.items() if end is not None}
    lived = {name: end for name, end in run.items() if end not in KILLED}
    if run:
        killed = len(run) - len(lived)
        print(f"{killed:5} of {len(run):5}  {killed / len(run):6.1%}  {words}")
    return lived


def main():
    by_file = ends_by_file()
    for file, ends in by_file.items():
        count(file, ends)
    every = {name: end for ends in by_file.values() for name, end in ends.items()}
    waiting = sum(end is None for end in every.values())
    lived = count(f"killed; {waiting} mutants were not run", every)
    print("\nLived (`.venv/bin/mutmut show NAME` says what was changed):")
    for name, end in lived.items():
        print(f"  {name}{'' if end == 0 else f' (ended with {end})'}")
    sys.exit(0 if len(lived) <= (1 - WANTED) * (len(every) - waiting) else 1)


if __name__ == "__main__":
    main()
