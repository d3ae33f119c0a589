"""What people type in on the pages of a case review. Item and fact forms come from the definition.

Names of controls: "SRM05-a" the answer, "SRM05-a-why" the reason of an NA, "SRM05-narrative";
on the face sheet "fact-" and its name. A revision stands in a hidden control "...-revision".
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import wtforms

from cqi.cases.rules import CONFLICT_WORDS
from cqi.instruments import definition
from cqi.reviews import rules
from cqi.reviews.rules import SOURCE_WORDS
from cqi.reviews.rules import interviews as hearing
from cqi.reviews.rules.interviews import Interview
from cqi.ui import fields, widgets

NARRATIVE, WHY, REVISION = "narrative", "-why", "-revision"
LONGEST_TEXT, _LONGEST_LINE = 60_000, 500  # characters; about 10,000 words
DefinedForm = wtforms.Form
_classes: dict[tuple[str, str], type[DefinedForm]] = {}


Subjects = Mapping[str, Sequence[str]]


def asks(item: definition.Item, subjects: Subjects) -> Iterator[tuple[str, definition.Question]]:
    """The name and question of each answer of an item; `subjects` are ids by kind."""
    for question in item.questions:
        if not question.for_each:
            yield question.id, question
        for subject in subjects.get(question.for_each, ()):
            yield rules.asked(question.id, subject), question


def item_form(
    instrument: definition.Instrument, item: definition.Item, subjects: Subjects, **given: Any
) -> wtforms.Form:
    """The form of one item; `given` goes to WTForms (formdata, data)."""
    asked = dict(asks(item, subjects))
    if any(question.for_each for question in item.questions):
        made: Any = type("DefinedForm", (wtforms.Form,), _item_fields(asked))
    else:
        made = _made(instrument, item.code, _item_fields, asked)
    form: wtforms.Form = made(prefix=f"{item.code}-", **given)
    return form


def facts_form(
    instrument: definition.Instrument, skipped: frozenset[str], **given: Any
) -> wtforms.Form:
    """The form of the face sheet without the facts that are known from elsewhere."""
    facts = [fact for fact in instrument.facts if fact.name not in skipped]
    name = "facts " + " ".join(fact.name for fact in facts)
    return _made(instrument, name, _fact_fields, facts)(prefix="fact-", **given)


def _made(
    instrument: definition.Instrument, name: str, fields_of: Any, definitions: Any
) -> type[wtforms.Form]:
    """The form's class, made once for each version of an instrument."""
    key = (instrument.digest, name)
    if key not in _classes:
        _classes[key] = type("DefinedForm", (wtforms.Form,), fields_of(definitions))
    return _classes[key]


def _item_fields(asked: Mapping[str, definition.Question]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, question in asked.items():
        found[name] = fields.answer_to(question)
        if definition.NA in question.values:
            why = "Why does it not apply?"
            found[name + WHY] = fields.TextField(why, [fields.at_most(_LONGEST_LINE)])
    limit = [fields.at_most(LONGEST_TEXT)]
    found[NARRATIVE] = fields.TextAreaField("Why this rating?", limit)
    return found


def _fact_fields(facts: list[definition.Fact]) -> Mapping[str, Any]:
    return {fact.name: fields.answer_to_fact(fact) for fact in facts}


class SubjectForm(wtforms.Form):
    """Whom repeated questions are asked of; a row whose label is emptied keeps it."""

    label = fields.TextField("Who or what", [fields.at_most(rules.LONGEST_LABEL)])


_reasons: dict[str, str] = {"": "Choose a reason"}
_reasons |= {reason.value: words for reason, words in hearing.NOT_HELD_WORDS.items()}


class InterviewForm(wtforms.Form):
    """What became of one interview; `today` is the last day on which one can have been held."""

    outcome = fields.TilesField(
        "Was this interview held?", choices=hearing.OUTCOME_WORDS, widget=widgets.Tiles()
    )
    held_on = fields.DateField("On which day")
    how = fields.TilesField("How", choices=hearing.HOW_WORDS, widget=widgets.Tiles())
    reason = fields.ChoiceField("Why not", choices=_reasons, default="")
    label = fields.TextField("Who", [fields.at_most(hearing.LONGEST_LABEL)])
    notes = fields.TextAreaField("Notes of the interview", [fields.at_most(LONGEST_TEXT)])

    def __init__(self, *args: Any, today: dt.date, **more: Any) -> None:
        super().__init__(*args, **more)
        self.today = today
        self.held_on.render_kw = {"max": today.isoformat()}  # the calendar offers no later day

    def validate_held_on(self, field: wtforms.Field) -> None:
        """Raises ValidationError for a day that is still to come."""
        if field.data and field.data > self.today:
            raise wtforms.ValidationError("This day is still to come: record it once it is held.")


def interview_words(name: str) -> str:
    """What a field of an interview is called."""
    label: str = InterviewForm(today=dt.date.min)[name].label.text
    return label


class PersonForm(wtforms.Form):
    """Somebody else who is heard, beside those whom the case asks for."""

    role = fields.ChoiceField("What they are to the case", choices=hearing.ROLE_WORDS)
    label = fields.TextField("Who it is", [fields.at_most(hearing.LONGEST_LABEL)])


def _is_record(source: str) -> bool:
    return rules.kind_of(rules.EvidenceSource(source)) is rules.EvidenceKind.RECORD


class SourceForm(wtforms.Form):
    """One more evidence source of an item: a record, or the interview of one of `people`; without
    people, a kind of interview."""

    source = fields.ChoiceField("Where it was learned", choices={"": "Choose a source"})
    detail = fields.TextField("Which one, when (optional)", [fields.at_most(_LONGEST_LINE)])
    protected = fields.CheckboxField(
        "Protected: substance-use treatment",
        description="Masked on pages, and left out of memos, prints and reports.",
    )

    def __init__(self, *args: Any, people: Sequence[Interview] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.people = {str(one.id): one for one in people}
        words = {source.value: text for source, text in SOURCE_WORDS.items()}
        if people:
            words = {value: text for value, text in words.items() if _is_record(value)}
        heard = {key: f"Interview: {one.label}" for key, one in self.people.items()}
        self.source.choices = fields.choices_of({"": "Choose a source", **words, **heard})

    @property
    def filled(self) -> bool:
        """True when anything was chosen, typed or ticked: then it is to be added."""
        return bool(self.source.data or self.detail.data or self.protected.data)

    def chosen(self, item: str) -> rules.NewEvidence:
        """What is to be added to an item; `source` must be valid."""
        one = self.people.get(self.source.data)
        source = rules.EvidenceSource(one.role.value if one else self.source.data)
        more = (self.detail.data or "", bool(self.protected.data), one.id if one else None)
        return rules.NewEvidence(item, source, *more)

    def validate_source(self, field: wtforms.Field) -> None:
        """A source that was begun needs its place. Raises ValidationError."""
        if not field.data:
            raise wtforms.ValidationError("Choose where it was learned.")


CHOICES = {
    "combine": "Combine them",
    "mine": "Yours",
    "theirs": "The one that was saved",
}


class ConflictForm(wtforms.Form):
    """Which of two texts of an item should stand; `revision` is that of the saved one."""

    choice = fields.TilesField("Which text should stand?", choices=CHOICES, default="combine")
    combined = fields.TextAreaField(
        "Both texts, edit as you like", [fields.at_most(2 * LONGEST_TEXT)]
    )
    mine = wtforms.HiddenField(validators=[fields.at_most(2 * LONGEST_TEXT)])
    revision = wtforms.HiddenField()


class ReturnForm(wtforms.Form):
    """Why a case review goes back to its reviewers."""

    reason = fields.TextAreaField(
        "What should the reviewers look at again?",
        [fields.required("Say what the reviewers should look at again."), fields.at_most(4000)],
        description="They see your words and your name on every page of the case.",
    )


class OverrideForm(wtforms.Form):
    """Another rating of an item than its answers come to."""

    rating = fields.TilesField(
        "What should the rating be?",
        [fields.required("Choose the rating.")],
        choices={each.value: each.label for each in rules.OVERRIDES},
    )
    reason = fields.TextAreaField(
        "Why?",
        [
            fields.required("Say why: the reason stays beside the rating."),
            fields.at_most(rules.LONGEST_NOTE),
        ],
        description="Everybody who reads this case review sees your words and your name.",
    )

    def offer_others(self, *ratings: definition.Rating | None) -> None:
        """Offer none of these: what counts now, and what was computed, which withdrawing brings."""
        others = (each for each in rules.OVERRIDES if each not in ratings)
        self.rating.choices = fields.choices_of({each.value: each.label for each in others})


class ConsistencyForm(wtforms.Form):
    """Which item of which round to set side by side."""

    round = fields.ChoiceField("Round")
    item = fields.ChoiceField("Item")

    def __init__(
        self, *args: Any, rounds: Mapping[str, str], items: Mapping[str, str], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.round.choices = fields.choices_of(rounds)
        self.item.choices = fields.choices_of(items)


class AssignForm(wtforms.Form):
    """A case for the round, and who scores it. Cases and reviewers map public id to words;
    `about` says which cases these are."""

    case = fields.ChoiceField("Case", [fields.required("Choose a case.")])
    reviewers = fields.SeveralField(
        "Reviewers",
        description="Usually two; who has the fewest cases stands first. Who works or supervises"
        " the case cannot review it.",
    )

    def __init__(
        self,
        *args: Any,
        cases: Mapping[str, str],
        reviewers: Mapping[str, str],
        about: str,
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.case.description = about
        self.case.choices = fields.choices_of({"": "Choose a case", **cases})
        self.reviewers.choices = fields.choices_of(reviewers)


class RaiseAlertForm(wtforms.Form):
    """A safety alert: the hotline first, then what was seen. `alert` is its public id to be."""

    alert = wtforms.HiddenField()
    hotline = fields.AnswerField(
        "Has the hotline been called?",
        [fields.required("Say whether the hotline has been called.")],
        description="You are a mandated reporter. If it has not been called: send this alert,"
        " then call at once.",
    )
    hotline_at = fields.MomentField("When was it called?", description="Only if it was called.")
    seen = fields.TextAreaField(
        "What did you see or hear?",
        [fields.required("Say what you saw or heard."), fields.at_most(LONGEST_TEXT)],
        description="What, where and when; who is with the child now.",
    )
    child = fields.TextField(
        "Which child?",
        [
            fields.required("Say which child, by an initial or a word."),
            fields.at_most(rules.LONGEST_CHILD),
        ],
        description="An initial or a word that the unit understands, such as “T.” or “the youngest"
        " child”. No full name.",
    )
    urgency = fields.TilesField(
        "How urgent is it?",
        [fields.required("Say how urgent it is.")],
        choices={each.value: words for each, words in rules.URGENCY_WORDS.items()},
    )
    about_unit = fields.AnswerField(
        "Is it about the unit that works this case?",
        [fields.required("Say whether it is about the unit.")],
        description="Yes: the Regional Director alone is told. No: the case's supervisor too.",
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """What was typed of a call that was not made is no answer, whatever it says."""
        if self.hotline.data != "yes":
            self.hotline_at.process(None)
        valid: bool = super().validate(extra_validators)
        return valid

    def validate_hotline_at(self, field: wtforms.Field) -> None:
        """A call has a time. Raises ValidationError."""
        if self.hotline.data == "yes" and field.data is None and not field.errors:
            raise wtforms.ValidationError("Say when the hotline was called.")


class AnswerAlertForm(wtforms.Form):
    """The written answer to a safety alert."""

    text = fields.TextAreaField(
        "What was done to keep the child safe?",
        [fields.required("Write what was done."), fields.at_most(LONGEST_TEXT)],
        description="Who saw the child, when, and what stands between the child and the danger now."
        " Your name stands under it.",
    )


class ReturnAlertForm(wtforms.Form):
    """Why an answer to a safety alert goes back."""

    text = fields.TextAreaField(
        "What is missing in the answer?",
        [fields.required("Say what is missing in the answer."), fields.at_most(4000)],
    )


class HotlineForm(wtforms.Form):
    """That the hotline was called after the alert was raised."""

    hotline_at = fields.MomentField(
        "When was the hotline called?", [fields.required("Say when the hotline was called.")]
    )


class InterestForm(wtforms.Form):
    """A conflict of interest with a case. `people` map public id to name: the writer first."""

    person = fields.ChoiceField("Whose conflict of interest is it?")
    case_number = fields.TextField(
        "Case number", description="As the agency writes it. It need not be in a round yet."
    )
    kind = fields.TilesField(
        "What is it?", [fields.required("Choose what it is.")], choices=CONFLICT_WORDS
    )
    whole_family = fields.CheckboxField("It holds for every case of this family")
    note = fields.TextAreaField(
        "In a few words",
        [fields.at_most(_LONGEST_LINE)],
        description="Only who assigns cases reads it. Name nobody of the case.",
    )


class WithdrawInterestForm(wtforms.Form):
    """Why a conflict of interest is none any more."""

    reason = fields.TextAreaField(
        "Why it is none any more",
        [fields.required("Say why it is none any more."), fields.at_most(_LONGEST_LINE)],
    )
