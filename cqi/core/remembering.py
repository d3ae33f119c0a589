"""What this process has worked out and may need again, by a key that names it exactly."""

from __future__ import annotations

import collections
import threading
from typing import Any


class Remembered:
    """The newest `most` values. A key stands for one value for ever: nothing is ever renewed."""

    def __init__(self, most: int = 64) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._values: collections.OrderedDict[str, Any] = collections.OrderedDict()

    def recall(self, key: str) -> Any:
        """The value, or None where it is not, or no longer, known."""
        with self._lock:
            return self._values.get(key)

    def remember(self, key: str, value: Any) -> None:
        """Keep a value; the oldest gives way."""
        with self._lock:
            self._values[key] = value
            if len(self._values) > self._most:
                self._values.popitem(last=False)
