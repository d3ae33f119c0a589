"""How wide text is in Source Sans Pro, without the font files.

A figure folds its labels when it is drawn; a page that shows it needs neither ReportLab's font
registry nor the files. A test compares these widths with the files. Thousandths of the size.
"""

from __future__ import annotations

import unicodedata
from itertools import accumulate
from typing import Literal

Weight = Literal["Regular", "Italic", "Semibold", "Bold"]

_FIRST = 32  # the tables begin with the space and end with the tilde
_TABLES: dict[Weight, str] = {
    "Regular": """
        200 289 426 497 497 824 609 249 303 303 418 497 249 311 249 350 497 497 497 497 497 497
        497 497 497 497 249 249 497 497 497 425 847 544 588 571 615 527 494 617 652 263 480 579
        486 727 647 664 566 664 569 534 536 645 515 786 513 476 539 303 350 303 497 500 542 504
        553 456 555 496 292 504 544 246 247 495 255 829 547 542 555 555 347 419 338 544 467 718
        446 467 425 303 241 303 497
    """,
    "Italic": """
        200 282 407 479 480 791 582 242 291 293 403 480 242 299 242 340 480 480 480 480 480 480
        480 480 480 480 242 242 480 480 480 409 814 510 583 550 592 503 473 588 622 252 456 559
        462 705 619 633 550 633 555 506 510 616 496 756 494 461 512 292 340 292 479 483 517 537
        536 435 535 481 282 531 523 237 238 476 248 799 525 515 535 537 342 402 325 528 448 707
        429 448 410 290 231 293 480
    """,
    "Semibold": """
        200 315 482 513 513 841 639 275 324 324 438 513 275 322 275 344 513 513 513 513 513 513
        513 513 513 513 275 275 513 513 513 444 875 558 597 576 625 538 510 628 663 282 494 597
        502 745 656 674 582 674 592 545 546 655 536 800 541 501 540 324 344 324 513 500 549 516
        563 462 564 507 317 520 558 262 263 522 271 843 560 549 564 564 373 431 361 556 495 748
        481 495 443 324 255 324 513
    """,
    "Bold": """
        200 340 537 528 528 857 667 300 344 344 457 528 300 332 300 339 528 528 528 528 528 528
        528 528 528 528 300 300 528 528 528 463 903 573 605 582 635 548 524 638 674 301 509 614
        518 762 665 684 596 684 613 556 556 665 556 813 567 525 541 344 339 344 528 500 555 527
        573 467 573 518 341 534 571 276 278 548 286 857 572 555 573 573 398 443 383 568 523 776
        514 521 460 344 268 344 528
    """,
}
_ASCII = {weight: tuple(map(int, table.split())) for weight, table in _TABLES.items()}
_OTHERS = {"–": 480, "—": 800, "−": 497, "·": 249, "•": 304, "…": 948, "’": 249, "“": 426, "”": 426}
_UNKNOWN = 547  # about a letter: an accented one is as wide as its plain sister
_FOREIGN = 700  # a letter that the typeface lacks, in whatever typeface stands in for it
_WIDE = 1000  # an ideograph
_LAST_LATIN = 0x24F


def width(text: str, size: float, weight: Weight = "Regular") -> float:
    """The width of `text` in points."""
    table = _ASCII[weight]
    return sum(_advance(character, table) for character in text) * size / 1000


def fold(text: str, measure: float, size: float, weight: Weight = "Regular") -> list[str]:
    """`text` in lines of at most `measure` points; a word that is longer stands alone."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if not lines[-1] or width(longer, size, weight) <= measure:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def fold_within(
    text: str, measure: float, face: tuple[float, Weight] = (8, "Regular"), most: int = 2
) -> list[str]:
    """`text` in at most so many lines, none wider than `measure`; an ellipsis ends what is cut."""
    size, weight = face
    lines = fold(text, measure, size, weight)
    if len(lines) > most:
        lines = [*lines[: most - 1], " ".join(lines[most - 1 :])]
    return [_cut(line, measure, size, weight) for line in lines]


def _cut(line: str, measure: float, size: float, weight: Weight) -> str:
    if width(line, size, weight) <= measure:
        return line
    room = measure - width("…", size, weight)
    ends = accumulate(width(character, size, weight) for character in line)
    return f"{line[: sum(end <= room for end in ends)].rstrip()}…"


def _advance(character: str, table: tuple[int, ...]) -> int:
    place = ord(character) - _FIRST
    if 0 <= place < len(table):
        return table[place]
    return _OTHERS.get(character) or _of_another_script(character)


def _of_another_script(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    if unicodedata.east_asian_width(character) in "WF":
        return _WIDE
    return _UNKNOWN if ord(character) <= _LAST_LATIN else _FOREIGN
