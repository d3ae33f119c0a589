"""Worked cases: invented cases beside an instrument, with the rating that each must end in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cqi.instruments import definition, inputs, loading, problems, rating, rating_json
from cqi.instruments.checking import kinds
from cqi.instruments.checking.kinds import Key
from cqi.instruments.problems import Problem, Rule, Where

_TEXT = Key(kinds.text)
_CASES = kinds.table(
    {
        "cases": Key(
            kinds.listed(
                kinds.table(
                    {
                        "item": _TEXT,
                        "title": _TEXT,
                        "story": _TEXT,
                        "facts": Key(kinds.free_table, required=False),
                        "subjects": Key(kinds.free_table, required=False),
                        "answers": Key(kinds.free_table, required=False),
                        "rating": Key(kinds.one_of(*definition.ITEM_RATINGS)),
                        "because": _TEXT,
                    }
                )
            )
        )
    }
)


@dataclass(frozen=True)
class WorkedCase:
    """One worked case of one item; `place` says where it stands in its file.

    `answers` hold the ratings of the item's parts too, by code. No `subjects` at all stand for
    those that the answers name.
    """

    file: str
    place: str
    item: str
    title: str
    story: str
    facts: inputs.FactValues
    answers: inputs.ItemAnswers
    rating: definition.Rating
    because: str
    subjects: inputs.Subjects | None = None


@dataclass(frozen=True)
class Outcome:
    """How a worked case ends; nothing is `given` or `rated` where the instrument does not take its
    input. `given` leaves the ratings of parts out."""

    case: WorkedCase
    problems: tuple[Problem, ...]
    given: rating_json.CaseInput | None = None
    rated: rating.ItemRating | None = None

    @property
    def passes(self) -> bool:
        """Whether it ends in the rating that it must end in."""
        return not self.problems


def load(folder: Path) -> tuple[tuple[WorkedCase, ...], tuple[Problem, ...]]:
    """The worked cases of a version's folder, and what is wrong with their files."""
    found: list[Problem] = []
    cases: list[WorkedCase] = []
    for path in sorted((folder / loading.CASES_FOLDER).glob("*.toml")):
        raw, wrong = loading.read_file(folder, path)
        wrong += _CASES(raw.table, Where(raw.name)) if raw else []
        found += wrong
        if raw and not wrong:
            cases += _of_file(raw)
    return tuple(cases), tuple(found)


def by_item(cases: Iterable[WorkedCase]) -> dict[str, tuple[WorkedCase, ...]]:
    """The worked cases by the code of their item, in order."""
    found: dict[str, tuple[WorkedCase, ...]] = {}
    for case in cases:
        found[case.item] = (*found.get(case.item, ()), case)
    return found


def check(instrument: definition.Instrument, folder: Path) -> tuple[Problem, ...]:
    """Run the worked cases: each must end in its rating, each item in two ratings at least."""
    cases, found = load(folder)
    problems_found = list(found)
    for case in cases:
        problems_found += run(instrument, case).problems
    if Rule.CASE_INPUT not in {problem.rule for problem in problems_found} and not found:
        problems_found += _too_few(instrument, cases)
    return tuple(problems_found)


def _of_file(raw: loading.RawFile) -> Iterator[WorkedCase]:
    for position, table in enumerate(raw.table["cases"], start=1):
        fields = {"facts": {}, "answers": {}, **table}
        fields["rating"] = definition.Rating(table["rating"])
        yield WorkedCase(file=raw.name, place=f"cases[{position}]", **fields)


def run(instrument: definition.Instrument, case: WorkedCase) -> Outcome:
    """Rate a worked case."""
    where = Where(case.file, case.place)
    item = instrument.items_by_code.get(case.item)
    codes = item.parts if item else ()
    parts = {code: rating_ for code, rating_ in case.answers.items() if code in codes}
    wrong = list(_parts_problems(parts, where))
    try:
        given = rating_json.from_json(instrument, _payload(case, parts))
    except problems.InputError as error:
        for each in error.problems:
            wrong.append(where.at(each.place).problem(Rule.CASE_INPUT, each.message, each.remedy))
    if item is None or wrong:
        return Outcome(case, tuple(wrong))
    of_parts = {code: definition.Rating(str(rating_)) for code, rating_ in parts.items()}
    answers = given.answers[case.item]
    rated = rating.rate_item(instrument, item, given.facts, answers, given.subjects, of_parts)
    return Outcome(case, tuple(_unlike(case, rated, where)), given, rated)


def _unlike(case: WorkedCase, rated: rating.ItemRating, where: Where) -> Iterator[Problem]:
    if rated.rating is not case.rating:
        message = f'"{case.title}" says {case.rating.label.lower()}. {rated.reason}'
        yield where.problem(Rule.CASE_RATING, message, "Mend the case or the rules.")


def _payload(case: WorkedCase, parts: Collection[str]) -> dict[str, object]:
    answers = {name: answer for name, answer in case.answers.items() if name not in parts}
    payload: dict[str, object] = {"facts": dict(case.facts), "answers": {case.item: answers}}
    return payload if case.subjects is None else {**payload, "subjects": dict(case.subjects)}


def _parts_problems(parts: Mapping[str, object], where: Where) -> Iterator[Problem]:
    for code, rating_ in parts.items():
        if rating_ not in definition.ITEM_RATINGS:
            message = f'"{rating_}" is not a rating of a part.'
            remedy = problems.did_you_mean(str(rating_), definition.ITEM_RATINGS)
            yield where.at(f"answers.{code}").problem(Rule.CASE_INPUT, message, remedy)


def _too_few(instrument: definition.Instrument, cases: Sequence[WorkedCase]) -> Iterator[Problem]:
    ratings: dict[str, set[definition.Rating]] = {item.code: set() for item in instrument.items}
    for case in cases:
        ratings.setdefault(case.item, set()).add(case.rating)
    for code, reached in ratings.items():
        if len(reached) < 2:
            message = f"{code} has no two worked cases that end in different ratings."
            where = Where(loading.CASES_FOLDER)
            yield where.problem(Rule.CASES_TOO_FEW, message, "Write them.")
