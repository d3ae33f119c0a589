"""Who writes next: the threads of one process in the order in which they came."""

from __future__ import annotations

import collections
import threading


class Turns:
    """One turn at a time, first come, first served.

    SQLite's own way of waiting is to sleep longer and longer and to let newcomers pass: with eight
    threads that write, one in twenty waited for a second.
    """

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._lock = threading.Lock()
        self._taken = False
        self._waiting: collections.deque[threading.Event] = collections.deque()

    def take(self) -> bool:
        """Wait for one's turn. False after `patience` seconds: then the database must decide."""
        with self._lock:
            if not self._taken:
                self._taken = True
                return True
            mine = threading.Event()
            self._waiting.append(mine)
        if mine.wait(self._patience):
            return True
        return self._left(mine)

    def _left(self, mine: threading.Event) -> bool:
        """Leave the line; True where the turn came at that very moment."""
        with self._lock:
            if mine.is_set():
                return True
            self._waiting.remove(mine)
            return False

    def give_back(self) -> None:
        """Hand the turn to whoever waits longest."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False
