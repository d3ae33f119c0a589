"""What the authorisation matrix expects, written by hand from domain.md section 4.

A grid is about one kind of thing: each row a role, each column how a thing lies to that role
(tests/web/matrix_state.py makes them). `yes` opens; `404` answers as if there were nothing; `403`
says no. `ROWS` says of every endpoint which grid it follows.
"""

from __future__ import annotations

from cqi.access.permissions import Role
from tests.web import (
    matrix_agreement,
    matrix_coaching,
    matrix_days,
    matrix_feedback,
    matrix_import,
    matrix_ledger,
    matrix_messages,
    matrix_plans,
    matrix_reconsidering,
    matrix_reports,
    matrix_results,
)
from tests.web.matrix_grids import FORBIDDEN as FORBIDDEN
from tests.web.matrix_grids import MISSING as MISSING
from tests.web.matrix_grids import OPEN as OPEN
from tests.web.matrix_grids import Grid, Row, of
from tests.web.matrix_grids import grid as _grid
from tests.web.matrix_grids import own as _own
from tests.web.matrix_grids import page as _page

# A role without a line is refused whatever it asks for. Reviewers see what they are assigned to;
# nobody sees what they have a conflict with, or what their staff number works.
READ = _grid(
    "review",
    """
                 assigned submitted final withdrawn unassigned off same_region other conflict works
    cqi_director yes      yes       yes   yes       yes        yes yes         yes   404      404
    cqi_liaison  yes      yes       yes   yes       yes        yes yes         404   404      404
    site_leader  yes      yes       yes   yes       yes        yes 404         404   404      404
    qa_lead      yes      yes       yes   yes       yes        yes yes         404   404      404
    reviewer     yes      yes       yes   yes       404        404 404         404   404      404
    """,
)
SCORE = _grid(
    "review",
    """
                 assigned submitted final withdrawn unassigned off same_region other conflict works
    reviewer     yes      yes       yes   yes       404        404 404         404   404      404
    """,
)
CHECK = _grid(
    "review",
    """
                 assigned submitted final withdrawn unassigned off same_region other conflict works
    qa_lead      yes      yes       yes   yes       yes        yes yes         404   404      404
    """,
)
ASSIGN = _grid(
    "review",
    """
                 assigned submitted final withdrawn unassigned off same_region other conflict works
    cqi_director yes      yes       yes   yes       yes        yes yes         yes   404      404
    cqi_liaison  yes      yes       yes   yes       yes        yes yes         404   404      404
    site_leader  yes      yes       yes   yes       yes        yes 404         404   404      404
    """,
)
# There is something to decide for QA while it has it, and for the director once it is final.
DECIDE = _grid(
    "review",
    """
                 assigned submitted final withdrawn unassigned off same_region other conflict works
    cqi_director 403      403       yes   403       yes        403 yes         yes   404      404
    cqi_liaison  403      403       403   403       403        403 403         404   404      404
    site_leader  403      403       403   403       403        403 404         404   404      404
    qa_lead      403      yes       403   403       403        403 403         404   404      404
    reviewer     403      403       403   403       404        404 404         404   404      404
    """,
)
# Approving and asking in QA are QA's alone, whoever else sees the case review.
QA_ALONE = _grid(
    "review",
    """
                 assigned submitted final withdrawn unassigned off same_region other conflict works
    cqi_director 403      403       403   403       403        403 403         403   404      404
    cqi_liaison  403      403       403   403       403        403 403         404   404      404
    site_leader  403      403       403   403       403        403 404         404   404      404
    qa_lead      yes      yes       yes   yes       yes        yes yes         404   404      404
    reviewer     403      403       403   403       404        404 404         404   404      404
    """,
)
# Protected evidence: its reviewers and its QA; one of another review is not there for anybody.
PROTECTED = _grid(
    "evidence",
    """
                 assigned off swapped
    cqi_director 403      403 403
    cqi_liaison  403      403 403
    site_leader  403      403 403
    qa_lead      yes      yes 404
    reviewer     yes      404 404
    """,
)
# Alerts: with the case review, or to answer them; what concerns the unit is not for its supervisor.
ALERT = _grid(
    "alert",
    """
                      assigned of_unit withdrawn unassigned off same_region other conflict works
    cqi_director      yes      yes     yes       yes        yes yes         yes   404      404
    site_leader       yes      yes     yes       yes        yes 404         404   404      404
    qa_lead           yes      yes     yes       yes        yes yes         404   404      404
    reviewer          yes      yes     yes       404        404 404         404   404      404
    regional_director yes      yes     yes       yes        yes yes         404   404      yes
    supervisor        yes      404     yes       404        404 404         404   yes      yes
    """,
)
ACKNOWLEDGE_ALERT = _grid(
    "alert",
    """
                      assigned of_unit withdrawn unassigned off same_region other conflict works
    cqi_director      403      403     403       403        403 403         403   404      404
    site_leader       403      403     403       403        403 404         404   404      404
    qa_lead           403      403     403       403        403 403         404   404      404
    reviewer          403      403     403       404        404 404         404   404      404
    regional_director yes      yes     yes       yes        yes yes         404   404      yes
    supervisor        yes      404     yes       404        404 404         404   yes      yes
    """,
)
ROUND = _grid(
    "round",
    """
                      own same_region other
    cqi_director      yes yes         yes
    cqi_liaison       yes yes         404
    site_leader       yes 404         404
    qa_lead           yes yes         404
    reviewer          yes 404         404
    analyst           yes yes         yes
    regional_director yes yes         404
    """,
)
ROUND_REVIEWS = _grid(
    "round",
    """
                      own same_region other
    cqi_director      yes yes         yes
    cqi_liaison       yes yes         404
    site_leader       yes 404         404
    qa_lead           yes yes         404
    reviewer          yes 404         404
    """,
)
ROUND_ASSIGN = _grid(
    "round",
    """
                      own same_region other
    cqi_director      yes yes         yes
    cqi_liaison       yes yes         404
    site_leader       yes 404         404
    """,
)
SAMPLE_DRAW = _grid(
    "round",
    """
                      own same_region other
    cqi_director      yes yes         yes
    cqi_liaison       yes yes         404
    """,
)
# The elimination that the form names is not there: only reach shows here.
SAMPLE_DECIDE = _grid(
    "round",
    """
                      own same_region other
    cqi_director      404 404         404
    site_leader       404 404         404
    """,
)
NOTHING_DRAWN = _grid(
    "round",
    """
                      own same_region other
    cqi_director      404 404         404
    cqi_liaison       404 404         404
    site_leader       404 404         404
    """,
)
ROUND_OPEN = _grid(
    "round",
    """
                      own same_region other
    cqi_director      yes yes         yes
    """,
)
REGION = _grid(
    "region",
    """
                      own other
    cqi_director      yes yes
    cqi_liaison       yes 404
    site_leader       yes 404
    qa_lead           yes 404
    reviewer          yes 404
    analyst           yes yes
    regional_director yes 404
    """,
)
REGION_PLAN = _grid(
    "region",
    """
                      own other
    cqi_director      yes yes
    """,
)
COUNTY = _grid("place", "own\nadministrator yes")
CONFLICT = _grid(
    "conflict",
    """
                      mine unassigned same_region other of_own_conflict
    cqi_director      yes  yes        yes         yes   404
    cqi_liaison       yes  yes        yes         404   404
    site_leader       yes  yes        404         404   404
    """,
)


def _administration(things: str, *reaches: str, swapped: str = "") -> Grid:
    cells = dict.fromkeys(reaches, OPEN) | ({swapped: MISSING} if swapped else {})
    refused = dict.fromkeys(cells, FORBIDDEN)
    rows = {role.value: cells if role is Role.ADMINISTRATOR else refused for role in Role}
    return Grid(things, rows)


PERSON = _administration("person", "somebody")
GRANT = _administration("grant", "theirs", swapped="swapped")
BASIS = _administration("basis", "theirs", swapped="swapped")
PROPOSAL = _administration("proposal", "waiting")
BROWSER, PASSKEY = _own("browser"), _own("passkey")

R = Role
EVERYBODY = _page(*Role)
ADMINISTRATION = _page(R.ADMINISTRATOR)
SETTINGS = _page(R.ADMINISTRATOR, R.CQI_DIRECTOR)
IMPORT = _page(R.CQI_DIRECTOR, R.CQI_LIAISON)
PLACES = _page(
    R.ADMINISTRATOR, R.CQI_DIRECTOR, R.CQI_LIAISON, R.ANALYST, R.REGIONAL_DIRECTOR, R.STATE_OFFICE
)
INSTRUMENTS = _page(*(set(Role) - {R.STATE_OFFICE, R.STAKEHOLDER, R.AUDITOR}))
ROUNDS = _page(
    R.CQI_DIRECTOR,
    R.CQI_LIAISON,
    R.SITE_LEADER,
    R.QA_LEAD,
    R.REVIEWER,
    R.ANALYST,
    R.REGIONAL_DIRECTOR,
)
REVIEWS = _page(R.CQI_DIRECTOR, R.CQI_LIAISON, R.SITE_LEADER, R.QA_LEAD, R.REVIEWER)
QA = _page(R.QA_LEAD)
SCORING = _page(R.REVIEWER)
ALERTS = _page(R.CQI_DIRECTOR, R.SITE_LEADER, R.REGIONAL_DIRECTOR, R.SUPERVISOR)
DIRECTOR = _page(R.CQI_DIRECTOR)
AUDIT = _page(R.AUDITOR)
REGISTER = _page(R.ADMINISTRATOR, R.CQI_DIRECTOR, R.AUDITOR)
PUBLIC = Grid("public", {role.value: {} for role in Role})

_VERSION = {"instrument_id": "mississippi_practice_model", "version": "1.0"}
_ANSWER = {"SRM05-a": "yes"}
_SETTLED = {"SRM05-choice": "mine", "SRM05-mine": "My text.", "SRM05-revision": "0"}
ROWS: dict[str, Row] = matrix_ledger.ROWS | {
    "audit.audit": Row(AUDIT),
    "audit.export": of(AUDIT, ending="csv"),
    "audit.find": Row(AUDIT),
    "cases.import_cases": Row(IMPORT),
    "cases.take_cases": Row(IMPORT),
    "disclosures.disclosures": Row(REGISTER),
    "disclosures.record_disclosure": Row(DIRECTOR),
    "grants.choose_role": Row(PERSON),
    "grants.confirm_proposal": Row(PROPOSAL),
    "grants.decline_proposal": Row(PROPOSAL),
    "grants.end_basis": Row(BASIS),
    "grants.end_grant": Row(GRANT),
    "grants.file_basis": Row(PERSON),
    "grants.give_grant": of(PERSON, role="analyst"),
    "grants.proposals": Row(ADMINISTRATION),
    "grants.withdraw_proposal": Row(PROPOSAL),
    "health.alive": Row(PUBLIC),
    "health.ready": Row(PUBLIC),
    "home.home": Row(EVERYBODY),
    "instruments.compare_versions": of(INSTRUMENTS, **_VERSION, earlier="1.0"),
    "instruments.form_file": of(INSTRUMENTS, **_VERSION),
    "instruments.instrument": of(INSTRUMENTS, **_VERSION),
    "instruments.instruments": Row(INSTRUMENTS),
    "own_sign_in.change_password": Row(EVERYBODY),
    "own_sign_in.end_browser": Row(BROWSER),
    "own_sign_in.end_other_browsers": Row(EVERYBODY),
    "own_sign_in.make_recovery_codes": Row(EVERYBODY),
    "own_sign_in.own_sign_in": Row(EVERYBODY),
    "own_sign_in.remove_app": Row(EVERYBODY),
    "own_sign_in.set_up_app": Row(EVERYBODY),
    "passkeys.add_passkey": Row(EVERYBODY),
    "passkeys.change_passkey": Row(PASSKEY),
    "passkeys.sign_in_with_passkey": Row(PUBLIC),
    "plans.calendar_feed": of(PUBLIC, secret="x"),
    "people.add_person": Row(ADMINISTRATION),
    "people.change_person": Row(PERSON),
    "people.disable_person": Row(PERSON),
    "people.enable_person": Row(PERSON),
    "people.end_all_sign_ins": Row(PERSON),
    "people.make_set_up_link": Row(PERSON),
    "people.people": Row(ADMINISTRATION),
    "people.person": Row(PERSON),
    "places.places": Row(PLACES),
    "places.move_county": Row(COUNTY),
    "places.take_move_back": Row(COUNTY),
    "readiness.change_item": of(REGION_PLAN, key="lead"),
    "readiness.set_benchmark": Row(REGION_PLAN),
    "reviews.assign_case": Row(ROUND_ASSIGN),
    "reviews.assign_for_practice": Row(ROUND_ASSIGN),
    "reviews.assign_second_reading": Row(ROUND_ASSIGN),
    "reviews.assign_waiting": Row(ROUND_ASSIGN),
    "reviews.be_here": Row(READ),
    "reviews.case_review": Row(READ),
    "reviews.change_reviewers": Row(ASSIGN),
    "reviews.change_double_reading": Row(ROUND_OPEN),
    "reviews.change_second_level": Row(ROUND_OPEN),
    "reviews.conflicts": Row(REVIEWS),
    "reviews.consistency": Row(QA),
    "reviews.decide": Row(DECIDE),
    "reviews.decide_elimination": Row(SAMPLE_DECIDE),
    "reviews.declare_conflict": Row(READ),
    "reviews.face_sheet": Row(READ),
    "reviews.facts_history": Row(READ),
    "reviews.interviews": Row(READ),
    "reviews.interviews_history": Row(READ),
    "reviews.item_history": of(READ, item="SRM05"),
    "reviews.override_rating": of(CHECK, code="SRM05"),
    "reviews.overrides": Row(ROUND_REVIEWS),
    "reviews.overview": Row(READ),
    "reviews.practice": Row(SCORING),
    "reviews.print_file": Row(READ),
    "reviews.print_review": Row(READ),
    "reviews.propose_elimination": Row(ROUND_ASSIGN),
    "reviews.protected_evidence": Row(PROTECTED),
    "reviews.qa_queue": Row(QA),
    "reviews.raise_alert": Row(SCORE),
    "reviews.round": Row(ROUND),
    "reviews.rounds": Row(ROUNDS),
    "reviews.safety_alert": Row(ALERT),
    "reviews.safety_alerts": Row(ALERTS),
    "reviews.sample": Row(ROUND_ASSIGN),
    "reviews.save_component": of(SCORE, _ANSWER, code="SRM"),
    "reviews.save_facts": of(SCORE, {"fact-case_type": "in_home"}),
    "reviews.save_interviews": of(SCORE, {"new-label": "Mother", "new-role": "mother"}),
    "reviews.score_component": of(READ, code="SRM"),
    "reviews.score_item": of(SCORE, _ANSWER, code="SRM05"),
    "reviews.send_submission": Row(SCORE),
    "reviews.settle_conflict": of(SCORE, _SETTLED, code="SRM"),
    "reviews.settle_notes": Row(SCORE),
    "reviews.submit_for_qa": Row(SCORE),
    "reviews.take_alert_step": of(ACKNOWLEDGE_ALERT, {"step": "acknowledge"}),
    "reviews.take_decision": of(QA_ALONE, {"step": "approve"}),
    "reviews.withdraw_conflict": Row(CONFLICT),
    "reviews.write_fact_notes": of(QA_ALONE, {"note-new-fact-report_in_pur-text": "Which report?"}),
    "reviews.write_notes": of(QA_ALONE, {"note-new-SRM05-a-text": "Which visit?"}, code="SRM"),
    "sampling.bring_in_frame": Row(SAMPLE_DRAW),
    "sampling.draw_sample": Row(SAMPLE_DRAW),
    "sampling.sample_file": of(NOTHING_DRAWN, name="frame.csv"),
    "roles.matrix": Row(ADMINISTRATION),
    "roles.what_they_see": Row(PERSON),
    "roles.who_sees": Row(ADMINISTRATION),
    "rollout.calendar": Row(ROUNDS),
    "rollout.decide_order": Row(DIRECTOR),
    "rollout.plan_region": Row(REGION_PLAN),
    "rollout.region": Row(REGION),
    "rollout.write_beginnings": Row(REGION_PLAN),
    "rounds.open_round": Row(DIRECTOR),
    "set_up.set_password": of(PUBLIC, secret="x"),
    "settings.change_setting": of(ADMINISTRATION, key="agency.name"),
    "settings.settings": Row(SETTINGS),
    "sign_in.activity": Row(EVERYBODY),
    "sign_in.sign_in": Row(PUBLIC),
    "sign_in.sign_in_again": Row(EVERYBODY),
    "sign_in.sign_out": Row(PUBLIC),
    "sign_ins_of.sign_ins": Row(PERSON),
    "sign_ins_of.take_second_factor_away": Row(PERSON),
    "static": of(PUBLIC, digest="x", name="x"),
    **matrix_agreement.ROWS,
    **matrix_days.ROWS,
    **matrix_coaching.ROWS,
    **matrix_plans.ROWS,
    **matrix_feedback.ROWS,
    **matrix_import.ROWS,
    **matrix_messages.ROWS,
    **matrix_results.ROWS,
    **matrix_reconsidering.ROWS,
    **matrix_reports.ROWS,
}
