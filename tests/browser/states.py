"""Every page of the reviewer's workbench, of safety alerts, QA and history, in every state that
somebody can meet it in: one table, stage by stage of one case.

`then` is done on the page before it is looked at: a name of `DONE`, or "press X" for a button
whose form is sent as it stands.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from playwright.sync_api import Page, expect

from cqi.access.models import SignInSession
from cqi.cases.models import ConflictOfInterest
from cqi.cases.rules import ConflictKind
from cqi.cli import jobs
from cqi.instruments.definition import Rating
from cqi.notices.rules import NoticeKind
from cqi.reviews import actions, forms, rules
from cqi.reviews.models import InterviewPlan
from cqi.reviews.rules.interviews import InterviewChange, InterviewRole, proposed_id
from cqi.rounds.models import Round
from tests import build
from tests.browser import states_again, states_working
from tests.fixtures.scoring import TODAY
from tests.measures import agreeing
from tests.notices import telling
from tests.reviews import planning, test_tell_county
from tests.reviews.alerting import Alerting
from tests.rounds import test_own_items, test_readiness

LONG_BEFORE = build.NOW - dt.timedelta(days=1)
NARRATIVE = "[id='SRM05-narrative']"
WORDS = "The record and two interviews say the same, with dates. " * 12
UNFOLD = "for (const one of document.querySelectorAll('details')) one.open = true"


@dataclass(frozen=True)
class Row:
    """One page in one state. In `path` stand {review}, {round}, {region}, {evidence}
    and {alert}."""

    state: str
    who: str
    path: str
    then: str = ""


NEW = (
    Row("nothing done", "reviewer", "/"),
    Row("empty", "reviewer", "{review}/facts"),
    Row("empty", "reviewer", "{review}/interviews"),
    Row("no time yet", "reviewer", "{mother}/time"),
    Row("lacks everything", "reviewer", "{mother}/time", "press Save the time"),
    Row("nothing planned", "reviewer", "/schedule"),
    Row("nothing planned", "cqi_liaison", "{round}/schedule"),
    Row("to send", "cqi_liaison", "{round}/counties/{county}"),
    Row("empty", "reviewer", "{review}/components/SRM"),
    Row("empty", "reviewer", "{review}/overview"),
    Row("empty", "reviewer", "{review}/print"),
    Row("empty", "reviewer", "{review}/facts/history"),
    Row("empty", "reviewer", "{review}/interviews/history"),
    Row("empty", "reviewer", "{review}/items/SRM05/history"),
    Row("everything missing", "reviewer", "{review}/submit"),
    Row("empty", "reviewer", "/notices"),
    Row("empty", "reviewer", "/rounds"),
    Row("none", "reviewer", "/practice"),
    Row("nothing waits", "qa_lead", "/qa"),
    Row("none", "qa_lead", "/feedback/reconsiderations"),
    Row("none", "qa_lead", "/feedback/reconsiderations/items"),
    Row("nothing chosen", "qa_lead", "/consistency"),
    Row("nothing handed in", "qa_lead", "/consistency?round={round_id}&item=SRM05"),
    Row("none", "qa_lead", "{round}/overrides"),
    Row("none", "regional_director", "/alerts"),
    Row("nothing waits", "administrator", "/outbox"),
    Row("none declared", "reviewer", "/conflicts"),
    Row("to declare", "reviewer", "{review}/conflict"),
    Row("one declared", "cqi_director", "/conflicts"),
    Row("to withdraw", "cqi_director", "/conflicts/{conflict}/withdraw"),
    Row("new", "cqi_liaison", "{round}"),
    Row("empty", "cqi_liaison", "{round}/cases"),
    Row("nothing chosen", "cqi_liaison", "{round}/cases", "press Put it into the round"),
    Row("empty", "cqi_liaison", "/cases/import"),
    Row("empty", "cqi_director", "/reviews/import"),
    Row("no file chosen", "cqi_director", "/reviews/import", "press Check the file"),
    Row("empty", "cqi_director", "/rounds/open"),
    Row("empty", "cqi_liaison", "{round}/practice"),
    Row("assigned", "cqi_liaison", "{review}/reviewers"),
    Row("nothing drawn", "cqi_liaison", "{round}/sample"),
    Row("nothing drawn", "cqi_liaison", "{round}/sample/eliminate"),
    Row("nothing waits", "cqi_liaison", "{round}/cases/waiting"),
    Row("nothing written down", "cqi_director", "/reviewers"),
    Row("empty", "cqi_director", "/reviewers/add"),
    Row("lacks everything", "cqi_director", "/reviewers/add", "press Write it down"),
    Row("to change", "cqi_director", "{round}/requirement"),
    Row("nothing changed", "cqi_director", "{round}/requirement", "press Save"),
    Row("nothing planned", "cqi_director", "/rollout"),
    Row("nothing planned", "reviewer", "/rollout"),
    Row("nothing planned", "cqi_director", "{region}"),
    Row("empty", "cqi_director", "{region}/plan"),
    Row("lacks everything", "cqi_director", "{region}/plan", "press Save the plan"),
    Row("not planned yet", "cqi_director", "{region}/beginnings", "press Write it down"),
    Row("not decided", "cqi_director", "/rollout/order"),
    Row("lacks its reason", "cqi_director", "/rollout/order", "press Decide"),
    Row("to change", "cqi_director", "{round}/second-level"),
    Row("nothing changed", "cqi_director", "{round}/second-level", "press Change it"),
    Row("to change", "cqi_director", "{round}/double-reading"),
    Row("nothing changed", "cqi_director", "{round}/double-reading", "press Change it"),
    Row("none waits", "cqi_liaison", "{round}/second-readings"),
    Row("not begun", "cqi_director", "/reports/due"),
    Row("nothing final", "cqi_director", "/reports/measures/SRM05"),
    Row("nothing published", "qa_lead", "/reports/published"),
    Row("none asked for", "cqi_director", "/reports/packs"),
    Row("nothing to draw", "cqi_director", "/reports/packs", "press Draw the reports"),
    Row("none frozen", "cqi_liaison", "/reports/rounds/{round_id}/runs"),
    Row("nothing read twice", "qa_lead", "{round}/agreement"),
)
PARTIAL = (
    Row("begun", "reviewer", "/"),
    Row("partial, unfolded", "reviewer", "{review}/facts", "unfold"),
    Row("partial, unfolded", "reviewer", "{review}/interviews", "unfold"),
    Row("planned", "reviewer", "{father}/time"),
    Row("to record, at the same time, taken away", "reviewer", "/schedule", "unfold"),
    Row("some", "cqi_liaison", "{round}/schedule"),
    Row("sent", "cqi_liaison", "{round}/counties/{county}"),
    Row("sent, with times and more", "cqi_liaison", "{round}"),
    Row("an older one", "regional_director", "{notice}"),
    Row("late and done", "supervisor", "{region}/mine"),
    Row("to tick", "supervisor", "{region}/mine/lead"),
    Row("lacks its note", "supervisor", "{region}/mine/lead", "press Save"),
    Row("partial", "reviewer", "{review}/components/SRM"),
    Row("all questions, unfolded", "reviewer", "{review}/components/SRM?all=yes", "unfold"),
    Row("the list of keys open", "reviewer", "{review}/components/SRM", "keys"),
    Row("partial, unfolded", "reviewer", "{review}/overview", "unfold"),
    Row("partial", "reviewer", "{review}/print"),
    Row("partial", "reviewer", "{review}/submit"),
    Row("protected evidence opened", "reviewer", "{review}/evidence/{evidence}"),
    Row("partial, unfolded", "reviewer", "{review}/items/SRM05/history", "unfold"),
    Row("partial", "reviewer", "{review}/facts/history"),
    Row("partial, unfolded", "reviewer", "{review}/interviews/history", "unfold"),
    Row("of others", "cqi_director", "{review}/components/SRM", "unfold"),
    Row("of others", "cqi_director", "{review}/facts"),
    Row("of others", "cqi_director", "{review}/interviews", "unfold"),
)
TROUBLE = (
    Row("not for them", "outsider", "{review}/facts"),
    Row("not there", "reviewer", "{review}/components/NONE"),
    Row("somebody else is here", "reviewer", "{review}/components/SRM", "meet"),
    Row("offline", "reviewer", "{review}/components/SRM", "go offline"),
    Row("offline", "reviewer", "{review}/facts", "go offline at the facts"),
    Row("refused at the field", "reviewer", "{review}/components/SRM", "write too much"),
    Row("refused as a page", "reviewer", "{review}/components/SRM", "send too much"),
    Row("refused at the field", "reviewer", "{review}/interviews", "hear in the future"),
    Row("conflict at an answer", "reviewer", "{review}/components/SRM", "answer second"),
    Row("conflict at the field", "reviewer", "{review}/components/SRM", "write second"),
    Row("conflict as a page", "reviewer", "{review}/components/SRM", "settle"),
    Row("conflict at the notes", "reviewer", "{review}/interviews", "note second"),
    Row("conflict of notes as a page", "reviewer", "{review}/interviews", "settle notes"),
    Row("empty", "reviewer", "{review}/alerts/new"),
    Row("lacks everything", "reviewer", "{review}/alerts/new", "press Send the alert"),
    Row("sign-in over", "reviewer", "{review}/components/SRM", "sign out"),
    Row("wrong password", "reviewer", "{review}/components/SRM", "mistype the password"),
)
IN_QA = (
    Row("handed in", "reviewer", "/"),
    Row("with QA", "reviewer", "{review}/facts"),
    Row("with QA, unfolded", "reviewer", "{review}/interviews", "unfold"),
    Row("with QA, unfolded", "reviewer", "{review}/components/SRM", "unfold"),
    Row("with QA", "reviewer", "{review}/overview"),
    Row("with QA", "reviewer", "{review}/submit"),
    Row("somebody waits", "qa_lead", "/qa"),
    Row("notes and override, unfolded", "qa_lead", "{review}/components/SRM", "unfold"),
    Row("open notes in the way", "qa_lead", "{review}/decision"),
    Row("no reason", "qa_lead", "{review}/decision", "press Return to the reviewers"),
    Row("to override", "qa_lead", "{review}/items/SRM03/override"),
    Row("no reason", "qa_lead", "{review}/items/SRM03/override", "press Set the rating"),
    Row("overridden", "qa_lead", "{review}/items/SRM05/override"),
    Row("some", "qa_lead", "{round}/overrides"),
    Row("some, unfolded", "qa_lead", "/consistency?round={round_id}&item=SRM05", "unfold"),
    Row("with QA", "qa_lead", "{round}"),
    Row("notes and override, unfolded", "qa_lead", "{review}/items/SRM05/history", "unfold"),
    Row("all of it", "auditor", "/audit"),
    Row("of one case", "auditor", "/audit?thing={id}"),
    Row("nothing found", "auditor", "/audit?until=2001-01-01"),
)
RETURNED = (
    Row("returned", "reviewer", "/"),
    Row("returned", "reviewer", "{review}/facts"),
    Row("returned, unfolded", "reviewer", "{review}/components/SRM", "unfold"),
    Row("returned", "reviewer", "{review}/overview"),
    Row("open notes", "reviewer", "{review}/submit"),
)
FINAL = (
    Row("final", "reviewer", "/"),
    Row("final", "reviewer", "{review}/facts"),
    Row("final, unfolded", "reviewer", "{review}/interviews", "unfold"),
    Row("final, unfolded", "reviewer", "{review}/components/SRM", "unfold"),
    Row("final", "reviewer", "{review}/overview"),
    Row("final", "reviewer", "{review}/print"),
    Row("nothing waits any more", "qa_lead", "/qa"),
    Row("to reopen", "cqi_director", "{review}/decision"),
    Row("no reason", "cqi_director", "{review}/decision", "press Reopen this review"),
    Row("final", "cqi_director", "{round}"),
    Row("read twice", "qa_lead", "{round}/agreement"),
)
ALERTS = (
    Row("open alert", "reviewer", "{review}/components/SRM"),
    Row("just raised", "reviewer", "{alert}"),
    Row("new, not e-mailed, unfolded", "supervisor", "/notices", "unfold"),
    Row("one e-mail a day", "regional_director", "/notices"),
    Row("open", "supervisor", "/alerts"),
    Row("to answer", "supervisor", "{alert}"),
    Row("no answer", "supervisor", "{alert}", "press Send the answer"),
    Row("open", "regional_director", "/alerts"),
    Row("some wait, some failed, some daily", "administrator", "/outbox"),
    Row("answered", "site_leader", "{answered}"),
    Row("no reason", "site_leader", "{answered}", "press Return the answer"),
    Row("closed", "supervisor", "{closed}"),
    Row("an alert is open", "cqi_director", "/"),
)
AGAIN = tuple(Row(*each) for each in states_again.ROWS)
WORKED = tuple(Row(*each) for each in states_working.ROWS)
STAGES: dict[str, tuple[Row, ...]] = {
    "new": NEW,
    "partial": PARTIAL,
    "trouble": TROUBLE,
    "in QA": IN_QA,
    "returned": RETURNED,
    "final": FINAL,
    "alerts": ALERTS,
    "looked at again": AGAIN,
    "a plan is worked": WORKED,
}


class Stand:
    """One case at one stage; what is done on its pages."""

    def __init__(self, alerting: Alerting, works: jobs.Works) -> None:
        self.alerting, self.desk, self.works = alerting, alerting.desk, works
        self.addresses = {
            "id": str(self.desk.public_id),
            "review": f"/reviews/{self.desk.public_id}",
            "round": f"/rounds/{self.desk.cast.round.public_id}",
            "region": f"/rollout/regions/{self.desk.cast.region.public_id}",
            "round_id": str(self.desk.cast.round.public_id),
            "county": str(self.desk.cast.county.public_id),
        }
        for role in (InterviewRole.MOTHER, InterviewRole.FATHER):
            key = proposed_id(self.desk.public_id, role)
            self.addresses[role.value] = f"{self.addresses['review']}/interviews/{key}"

    def reach(self, stage: str) -> None:
        """Bring the case to a stage."""
        made = {
            "new": self._new,
            "partial": self._partial,
            "trouble": self._partial,
            "in QA": self._in_qa,
            "returned": self._returned,
            "final": self._final,
            "alerts": self._alerts,
            "looked at again": self._again,
            "a plan is worked": self._worked,
        }
        made[stage]()

    def _new(self) -> None:
        """One more case, that is in no round, and a conflict of interest of the liaison's."""
        with self.desk.database.writing() as session:
            build.case(session, self.desk.cast.county)
        liaison, said = self.desk.cast.cqi_liaison, actions.Declared(ConflictKind.FRIEND)
        self.desk.do(actions.declare_conflict, person=liaison, person_id=liaison.id, said=said)
        with self.desk.database.reading() as session:
            declared = session.scalars(sa.select(ConflictOfInterest.public_id)).one()
        self.addresses["conflict"] = str(declared)

    def _partial(self) -> None:
        self.desk.facts(household_changed="yes", report_in_pur="yes")
        self.desk.record(rules.answer("SRM05", "a", "no"), rules.answer("SRM05", "b", "na"))
        self.desk.record(rules.narrative("SRM05", WORDS))
        self.desk.theirs(rules.narrative("SRM05", f"{WORDS} Twice.", 1))
        self.addresses["evidence"] = str(self.desk.protected_evidence())
        self._plan()
        self._get_ready()
        self.hear(outcome="held", held_on="2027-03-01", how="video", notes="She was told.")

    def _plan(self) -> None:
        """Two at the same time, one off site, one taken away, one that is over."""
        later = {"Father": 24, "Foster caregiver": 24, "Supervisor": 120}
        later |= {"Caseworker": 2, "Target child": 1}
        for label, hours in later.items():
            planning.plan(self.desk, label, build.NOW + dt.timedelta(hours=hours))
        planning.cancel(self.desk, "Target child")
        over = InterviewPlan.role == InterviewRole.CASEWORKER
        with self.desk.database.writing() as session:
            session.execute(sa.update(InterviewPlan).where(over).values(starts_at=LONG_BEFORE))

    def _get_ready(self) -> None:
        """A county that was told twice; two items of a checklist, one late and one done."""
        cast, database = self.desk.cast, self.desk.database
        self.addresses["notice"] = f"/county-notices/{test_tell_county.tell(self.desk)}"
        test_tell_county.tell(self.desk)
        test_own_items.give(database, cast, due_on=LONG_BEFORE.date())
        other = next(key for key in test_readiness.lines(database, cast) if key != "lead")
        done = {"item": other, "due_on": LONG_BEFORE.date(), "done_on": LONG_BEFORE.date()}
        test_own_items.give(database, cast, **done, note="On the shelf.")

    def _in_qa(self) -> None:
        desk = self.desk.with_qa()
        desk.answer_note(desk.open_note(), "The visit of 3 May.")
        desk.settle_note(desk.open_note("SRM03", ""))
        desk.open_note("SRM03", "a")
        desk.override("SRM05", Rating.AREA_NEEDING_IMPROVEMENT, "The record shows no visit in May.")

    def _returned(self) -> None:
        self._in_qa()
        self.desk.give_back("SRM05 says that risk was looked at again. When was that?")

    def _final(self) -> None:
        """And a dozen cases that two pairs read."""
        desk = self.desk.with_qa()
        desk.approve()
        with desk.database.writing() as session:
            agreeing.dozen(session, session.get_one(Round, desk.cast.round.id), desk.cast.county)

    def _alerts(self) -> None:
        self.desk.facts()
        for name in ("alert", "answered", "closed"):
            key = self.alerting.raised()
            self.addresses[name] = f"/alerts/{key}"
            if name != "alert":
                self.alerting.answer(key)
            if name == "closed":
                self.alerting.accept(key)
        jobs.JOBS["send-mail"](self.works)
        self._wait_for_the_day()

    def _wait_for_the_day(self) -> None:
        """Somebody chose one e-mail a day, and two notices wait for it."""
        person = self.desk.cast.regional_director
        telling.choose(self.desk.database, person)
        for _ in range(2):
            telling.told(self.desk.database, person, kind=NoticeKind.COUNTY_TOLD)

    def _again(self) -> None:
        self.addresses |= states_again.make(self.desk)

    def _worked(self) -> None:
        self.addresses |= states_working.make(self.desk)

    def hear(self, person: Any = None, **fields: str) -> None:
        """Change fields of the mother's interview."""
        one = next(each for each in self.desk.sheet().interviews if each.label == "Mother")
        changes = [
            InterviewChange(one.id, name, text, one.revision(name)) for name, text in fields.items()
        ]
        who = person or self.desk.cast.reviewer
        self.desk.do(actions.record_interviews, person=who, changes=changes, today=TODAY)

    def do(self, then: str, page: Page) -> None:
        """What a row says is done."""
        if then.startswith("press "):
            page.get_by_role("button", name=then.removeprefix("press "), exact=True).click()
            expect(page.locator("#errors").first).to_be_visible()
        elif then:
            DONE[then](self, page)


def unfold(_stand: Stand, page: Page) -> None:
    page.evaluate(UNFOLD)


def keys(_stand: Stand, page: Page) -> None:
    page.get_by_role("button", name="All keys").click()
    expect(page.locator("#all-keys")).to_be_visible()


def meet(stand: Stand, page: Page) -> None:
    colleague = stand.desk.colleague()
    stand.desk.do(actions.be_here, person=colleague, place="SRM05")
    page.evaluate("lookAround()")
    expect(page.locator("[data-presence]")).to_contain_text("Also here")


def go_offline(_stand: Stand, page: Page) -> None:
    page.context.set_offline(True)
    write(page, NARRATIVE, "Written on the road.")
    expect(page.locator("[data-saved]")).to_contain_text("1 not saved yet.")


def go_offline_at_the_facts(_stand: Stand, page: Page) -> None:
    page.context.set_offline(True)
    page.locator("main input[type=radio]:not(:checked) + label").first.click()
    expect(page.locator("[data-saved]")).to_contain_text("1 not saved yet.")


def write_too_much(_stand: Stand, page: Page) -> None:
    page.route("**/items/SRM05", lambda route: route.fulfill(status=422, json={"message": "No."}))
    write(page, NARRATIVE, "Too much.")
    expect(page.locator("#SRM05-narrative-field")).to_contain_text("No.")


def send_too_much(_stand: Stand, page: Page) -> None:
    page.route("**/items/*", lambda route: route.fulfill(status=422, json={"message": "No."}))
    page.locator(NARRATIVE).fill(("x" * 99 + "\n") * (forms.LONGEST_TEXT // 100))
    page.locator("#SRM05-evidence summary").click()
    page.locator("#SRM05-evidence button[name=add]").click()
    expect(page.locator("#errors")).to_be_visible()


def hear_in_the_future(_stand: Stand, page: Page) -> None:
    page.evaluate(UNFOLD)
    place = page.locator(".interview", has=page.get_by_role("heading", name="Mother"))
    place.locator("[id$=held_on]").fill("2031-01-01")
    expect(place).to_contain_text("This day is still to come")


def answer_second(stand: Stand, page: Page) -> None:
    stand.desk.theirs(rules.answer("SRM05", "b", "yes", 1))
    page.locator("label[for=SRM05-b-no]").click()
    expect(page.locator("#SRM05-b")).to_contain_text("Somebody else chose")


def write_second(stand: Stand, page: Page) -> None:
    revision = stand.desk.sheet().narratives["SRM05"].revision
    stand.desk.theirs(rules.narrative("SRM05", f"Theirs, number {revision}.", revision))
    write(page, NARRATIVE, "Mine.")
    expect(page.locator("#SRM05-narrative-field")).to_contain_text("Choose between them")


def settle(stand: Stand, page: Page) -> None:
    write_second(stand, page)
    page.get_by_role("button", name="Choose between them").click()
    expect(page.locator("#two-texts")).to_be_visible()


def note_second(stand: Stand, page: Page) -> None:
    page.evaluate(UNFOLD)
    stand.hear(stand.desk.colleague(), notes=f"Theirs, {page.url.count('/')} {id(page)}.")
    notes = page.locator(".interview", has=page.get_by_role("heading", name="Mother"))
    write(page, f"[id='{notes.locator('textarea').get_attribute('id')}']", "Mine.")
    expect(notes).to_contain_text("Choose between them")


def settle_notes(stand: Stand, page: Page) -> None:
    note_second(stand, page)
    page.get_by_role("button", name="Choose between them").click()
    expect(page.locator("#two-texts")).to_be_visible()


def sign_out(stand: Stand, page: Page) -> None:
    with stand.desk.database.writing() as session:
        session.execute(sa.update(SignInSession).values(ended_at=build.NOW, end_reason="ended"))
    page.evaluate("lookAround()")
    expect(page.get_by_label("E-mail address")).to_be_visible()


ENDS = "sign out"  # whoever is seen after it signs in anew


def mistype_the_password(stand: Stand, page: Page) -> None:
    sign_out(stand, page)
    page.get_by_label("E-mail address").fill(stand.desk.cast.reviewer.email)
    page.get_by_label("Password").fill("not their password")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator("#signed-out")).to_contain_text("Try again")


def write(page: Page, where: str, text: str) -> None:
    page.locator(where).fill(text)
    page.locator(where).press("Control+Enter")


DONE: dict[str, Callable[[Stand, Page], None]] = {
    each.__name__.replace("_", " "): each
    for each in (
        unfold, keys, meet, go_offline, go_offline_at_the_facts, write_too_much, send_too_much,
        hear_in_the_future, answer_second, write_second, settle, note_second, settle_notes,
        sign_out, mistype_the_password,
    )
}  # fmt: skip
