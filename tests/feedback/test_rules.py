"""The memo: strengths first with what was seen, every need with what good looks like."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from cqi.core import folders, holidays
from cqi.feedback import rules
from cqi.feedback.rules import Calendar, Scored
from cqi.instruments import library
from cqi.instruments.definition import Instrument, Rating

ZONE = ZoneInfo("America/Chicago")


@pytest.fixture(scope="module")
def instrument() -> Instrument:
    root = folders.data_folder("review_instruments")
    return library.load(root, "mississippi_practice_model", "1.0")


def scored(**ratings: Rating) -> Scored:
    words = {code: f"What was seen in {code}." for code in ratings}
    return Scored(ratings, {"SNA06": {"a": "no", "b": "yes"}}, words, {"SNA06": "a is No."})


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
    assert need.questions == (instrument.item("SNA06").question("a").text,)
    assert need.reason == "a is No."
    assert need.good_looks_like == instrument.item("SNA06").good_looks_like


def test_one_need_more_than_is_shown_is_not_worth_folding(instrument: Instrument) -> None:
    codes = ("MAS01", "MAS02", "MAS03", "MAS04", "MAS05", "MAS06")
    memo = rules.memo(instrument, scored(**dict.fromkeys(codes, Rating.AREA_NEEDING_IMPROVEMENT)))
    assert (len(memo.first_needs), len(memo.more_needs)) == (6, 0)


def test_what_does_not_apply_is_not_in_the_memo(instrument: Instrument) -> None:
    memo = rules.memo(instrument, scored(MAS08=Rating.NOT_APPLICABLE))
    assert memo == rules.Memo((), (), (), 0)


def test_words_that_rest_on_protected_evidence_stay_inside(instrument: Instrument) -> None:
    found = Scored(
        {"MAS01": Rating.STRENGTH}, {}, {"MAS01": "She finished treatment."}, withheld={"MAS01"}
    )
    point = rules.memo(instrument, found).strengths[0]
    assert (point.code, point.seen) == ("MAS01", "")


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
    calendar = Calendar(today, ZONE, 10, holidays.days())
    final_at = dt.datetime(2026, 11, 21, 3, 0, tzinfo=dt.UTC)  # still Friday 20 in Chicago
    due = rules.due(final_at, calendar)
    assert (due.on, due.kind, due.words) == (dt.date(2026, 12, 7), kind, words)
