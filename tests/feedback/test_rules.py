"""The memo: strengths first with what was seen, every need with what good looks like."""

from __future__ import annotations

import dataclasses
import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from cqi.core import folders, holidays
from cqi.feedback import rules
from cqi.feedback.rules import Answered, Scored, clocks
from cqi.instruments import library
from cqi.instruments.asking import Ask
from cqi.instruments.definition import Answer, Instrument, Rating, SubjectKind
from tests import build

ZONE = ZoneInfo("America/Chicago")


@pytest.fixture(scope="module")
def instrument() -> Instrument:
    root = folders.data_folder("review_instruments")
    return library.load(root, "mississippi_practice_model", "1.0")


def scored(**ratings: Rating) -> Scored:
    words = {code: f"What was seen in {code}." for code in ratings}
    answers = {"SNA06": {Ask("a"): "no", Ask("b"): "yes"}}
    return Scored(ratings, answers, words, {"SNA06": "a is No."}, {"SNA06": ("a",)})


def test_strengths_come_core_first_then_in_the_instruments_order(instrument: Instrument) -> None:
    found = scored(
        PCR10=Rating.STRENGTH, MAS01=Rating.STRENGTH, SRM05=Rating.STRENGTH, SRM02=Rating.STRENGTH
    )
    memo = rules.memo(instrument, found)
    assert [point.code for point in memo.strengths] == ["SRM02", "SRM05", "MAS01", "PCR10"]
    assert memo.strengths[0].seen == "What was seen in SRM02."


def test_six_strengths_are_shown_and_none_is_lost(instrument: Instrument) -> None:
    found = Scored({item.code: Rating.STRENGTH for item in instrument.items}, {}, {})
    memo = rules.memo(instrument, found)
    assert (len(memo.strengths), len(memo.more_strengths)) == (6, 42)
    assert memo.strength_count == memo.applicable == 48


def test_every_need_is_shown_with_its_reason_and_what_good_looks_like(
    instrument: Instrument,
) -> None:
    found = Scored(
        {item.code: Rating.AREA_NEEDING_IMPROVEMENT for item in instrument.items}, {}, {}
    )
    assert len(rules.memo(instrument, found).needs) == 48
    memo = rules.memo(instrument, found)
    assert (len(memo.first_needs), len(memo.more_needs)) == (5, 43)
    assert memo.first_needs + memo.more_needs == memo.needs
    assert all(point.core for point in memo.first_needs)
    need = rules.memo(instrument, scored(SNA06=Rating.AREA_NEEDING_IMPROVEMENT)).needs[0]
    assert need.questions == (Answered(instrument.item("SNA06").question("a").text, "No"),)
    assert need.why.startswith("the answer is No to: “")
    assert need.reason == "a is No."
    assert need.good_looks_like == instrument.item("SNA06").good_looks_like


def test_one_need_more_than_is_shown_is_not_worth_folding(instrument: Instrument) -> None:
    codes = ("MAS01", "MAS02", "MAS03", "MAS04", "MAS05", "MAS06")
    memo = rules.memo(instrument, scored(**dict.fromkeys(codes, Rating.AREA_NEEDING_IMPROVEMENT)))
    assert (len(memo.first_needs), len(memo.more_needs)) == (6, 0)


def test_what_does_not_apply_is_not_in_the_memo(instrument: Instrument) -> None:
    memo = rules.memo(instrument, scored(MAS08=Rating.NOT_APPLICABLE))
    assert (memo.strengths, memo.needs, memo.applicable) == ((), (), 0)


def test_words_that_rest_on_protected_evidence_stay_inside(instrument: Instrument) -> None:
    found = Scored(
        {"MAS01": Rating.STRENGTH}, {}, {"MAS01": "She finished treatment."}, withheld={"MAS01"}
    )
    point = rules.memo(instrument, found).strengths[0]
    assert (point.code, point.seen, point.withheld) == ("MAS01", "", True)
    unwritten = rules.memo(instrument, Scored({"MAS01": Rating.STRENGTH}, {}, {})).strengths[0]
    assert (unwritten.seen, unwritten.withheld) == ("", False)


def why(code: str, names: tuple[str, ...], answers: dict[Ask, str], **listed: int) -> str:
    """What a memo says of an item of the federal instrument that needs improvement."""
    need = Rating.AREA_NEEDING_IMPROVEMENT
    found = Scored({code: need}, {code: answers}, {}, {}, {code: names}, listed=listed)
    return rules.memo(build.instrument("osri"), found).needs[0].why


def test_the_answer_that_decided_is_said_whatever_its_kind() -> None:
    assert why("I03", ("e",), {Ask("a"): "yes", Ask("e"): "yes"}).startswith(
        "the answer is Yes to: “Was"
    )
    assert why("I04", ("a",), {Ask("a"): "3"}).startswith("the answer is 3 to: “In how many")
    by_last_row = why("I03", (), {Ask("a"): "yes", Ask("b"): "no", Ask("f"): "yes"})
    assert by_last_row.count("“") == 2
    assert by_last_row.startswith("the answer is No to: “")
    both = why("I10", ("a1", "a2"), {Ask("a1"): "yes", Ask("a2"): "no"})
    assert both.index("the answer is Yes to: “") < both.index("; the answer is No to: “")


def test_of_a_repeated_question_the_memo_says_of_how_many_and_never_of_whom() -> None:
    mother, father = Ask("a", "Juniper's mother"), Ask("a", "Juniper's father")
    one = why("I15", ("a",), {mother: "no", father: "yes"}, parent=2)
    assert one.endswith("” (for 1 of 2 parents)")
    alone = why("I15", ("a",), {mother: "no"}, parent=1)
    assert alone.endswith("” (for the parent)")
    assert "Juniper" not in one + alone


def test_counts_of_several_are_said_together(instrument: Instrument) -> None:
    item = instrument.item("SNA06")
    count = dataclasses.replace(item.questions[0], answer=Answer.COUNT, for_each="child")
    item = dataclasses.replace(item, questions=(count,))
    child = SubjectKind("child", "Child", "Children", "")
    pages = dataclasses.replace(instrument, items=(item,), subjects=(child,))
    answers = {item.code: {Ask("a", "x"): "2", Ask("a", "y"): "1"}}
    need = Rating.AREA_NEEDING_IMPROVEMENT
    found = Scored({item.code: need}, answers, {}, {}, {item.code: ("a",)}, listed={"child": 2})
    [point] = rules.memo(pages, found).needs
    assert point.questions == (Answered(count.text, "3", "for 2 children together"),)


def test_an_item_with_parts_counts_once_and_its_parts_stand_in_it() -> None:
    need, strength = Rating.AREA_NEEDING_IMPROVEMENT, Rating.STRENGTH
    ratings = {"I12": need, "I12A": strength, "I12B": need, "I12C": Rating.NOT_APPLICABLE}
    decided = {"I12": ("I12B",), "I12B": ("a",)}
    answers = {"I12B": {Ask("a", "x"): "no"}}
    memo = rules.memo(
        build.instrument("osri"),
        Scored({**ratings, "I14": strength}, answers, {"I12B": "Seen."}, {}, decided),
    )
    assert (memo.applicable, memo.strength_count) == (2, 1)
    [whole] = memo.needs
    assert [(part.code, part.rating) for part in whole.parts] == [
        ("I12A", strength),
        ("I12B", need),
    ]
    assert whole.why == f"of “{build.instrument('osri').item('I12B').title}”"
    assert whole.parts[1].seen == "Seen."
    assert not whole.withheld


@pytest.mark.parametrize(
    ("today", "kind", "words"),
    [
        (dt.date(2026, 11, 23), "", "due Mon 7 Dec, in 9 working days"),
        (dt.date(2026, 12, 3), "soon", "due Mon 7 Dec, in 2 working days"),
        (dt.date(2026, 12, 7), "soon", "due today"),
        (dt.date(2026, 12, 8), "late", "1 working day late"),
        (dt.date(2026, 12, 21), "late", "10 working days late"),
    ],
)
def test_ten_working_days_from_the_agencys_final_day(today: dt.date, kind: str, words: str) -> None:
    calendar = clocks.Calendar(today, ZONE, holidays.days())
    final_at = dt.datetime(2026, 11, 21, 3, 0, tzinfo=dt.UTC)  # still Friday 20 in Chicago
    due = clocks.due(final_at, clocks.Allowed(10), calendar)
    assert (due.on, due.kind, due.words) == (dt.date(2026, 12, 7), kind, words)
