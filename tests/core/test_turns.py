"""Writers of one process take turns in the order in which they came."""

from __future__ import annotations

import threading
import time

from cqi.core.turns import Turns


def test_turns_are_given_in_the_order_of_arrival() -> None:
    turns = Turns(10)
    served: list[int] = []
    assert turns.take()

    def wait(number: int) -> None:
        assert turns.take()
        served.append(number)
        turns.give_back()

    threads = []
    for number in range(6):
        threads.append(threading.Thread(target=wait, args=(number,)))
        threads[-1].start()
        while len(turns._waiting) <= number:
            time.sleep(0.001)
    turns.give_back()
    for thread in threads:
        thread.join()
    assert served == [0, 1, 2, 3, 4, 5]
    assert turns.take(), "nobody holds it"


def test_who_waited_too_long_goes_on_without_a_turn() -> None:
    turns = Turns(0.01)
    assert turns.take()
    assert not turns.take()
    turns.give_back()
    assert turns.take(), "who left the line is not served"
