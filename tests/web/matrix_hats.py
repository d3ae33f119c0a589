"""Two grants in one hand: what the first gives in one place is not given in the other's."""

from __future__ import annotations

from collections.abc import Mapping

from tests.web.matrix import FORBIDDEN, MISSING, OPEN

# person -> endpoint -> reach -> what happens, with every method of the endpoint
_BOTH, _FIRST = {"assigned": OPEN, "other": OPEN}, {"assigned": OPEN, "other": FORBIDDEN}
_ROUNDS, _SECOND = {"own": OPEN, "other": FORBIDDEN}, {"assigned": FORBIDDEN, "other": OPEN}
HATS: dict[str, dict[str, Mapping[str, str]]] = {
    # site leader of Juniper's round, reviewer of Sorrel's
    "leads_and_reviews": {
        "reviews.case_review": _BOTH | {"same_region": MISSING},
        "reviews.assign_case": _ROUNDS,
        "reviews.assign_for_practice": _ROUNDS,
        "reviews.assign_second_reading": _ROUNDS,
        "reviews.change_reviewers": _FIRST,
        "reviews.withdraw_conflict": {"unassigned": OPEN, "other": MISSING},
        "reviews.protected_evidence": {"assigned": FORBIDDEN},
        "reviews.raise_alert": _SECOND,
        "reviews.score_item": _SECOND,
        "reviews.save_component": _SECOND,
        "reviews.save_facts": _SECOND,
        "reviews.save_interviews": _SECOND,
        "reviews.settle_conflict": _SECOND,
        "reviews.submit_for_qa": _SECOND,
        "reviews.send_submission": _SECOND,
    },
    # reviewer of Juniper's round, QA lead of Region Two
    "reviews_and_checks": {
        "feedback.reconsideration": {"final": MISSING, "other": OPEN},
        "feedback.decide_reconsideration": {"final": MISSING, "other": OPEN},
        "reviews.case_review": _BOTH | {"same_region": MISSING},
        "reviews.score_component": _BOTH,
        "reviews.override_rating": _SECOND,
        "reviews.take_decision": _SECOND,
        "reviews.write_fact_notes": _SECOND,
        "reviews.write_notes": _SECOND,
        "reviews.raise_alert": _FIRST,
        "reviews.score_item": _FIRST,
        "reviews.save_component": _FIRST,
        "reviews.save_facts": _FIRST,
        "reviews.save_interviews": _FIRST,
        "reviews.settle_conflict": _FIRST,
        "reviews.submit_for_qa": _FIRST,
        "reviews.send_submission": _FIRST,
    },
    # Regional Director of Region One, liaison of Region Two
    "directs_and_helps": {
        "feedback.reconsideration": {"final": MISSING, "other": OPEN},
        "plans.plan": {"active": OPEN, "draft": OPEN, "other": OPEN},
        "plans.add_goal": {"draft": OPEN, "other": FORBIDDEN},
        "plans.change_goal": {"draft": OPEN, "other": FORBIDDEN},
        "plans.decide_findings": {"draft": OPEN, "other": FORBIDDEN},
        "plans.name_county": {"own": OPEN, "other": FORBIDDEN},
        "plans.add_strategy": {"draft": OPEN, "other": FORBIDDEN},
        "plans.add_step": {"draft": OPEN, "other": FORBIDDEN},
        "plans.verify_step": {"active": FORBIDDEN, "other": OPEN},
        "plans.send_back_step": {"active": FORBIDDEN, "other": OPEN},
        "reviews.case_review": {"assigned": MISSING, "other": OPEN},
        "reviews.round": {"own": OPEN, "other": OPEN},
        "reviews.overrides": {"own": FORBIDDEN, "other": OPEN},
        "reviews.assign_case": {"own": FORBIDDEN, "other": OPEN},
        "reviews.assign_for_practice": {"own": FORBIDDEN, "other": OPEN},
        "reviews.assign_second_reading": {"own": FORBIDDEN, "other": OPEN},
    },
    # supervisor of unit A, liaison of Region Two
    "supervises_and_helps": {
        "feedback.memo": {"final": OPEN, "other": OPEN, "unassigned": MISSING},
        "feedback.acknowledge": {"final": OPEN, "other": FORBIDDEN},
        "feedback.ask_to_reconsider": {"final": OPEN, "other": FORBIDDEN, "unassigned": MISSING},
        "feedback.reconsideration": {"final": OPEN, "other": OPEN, "unassigned": MISSING},
        "feedback.write_coaching": {"final": OPEN, "other": FORBIDDEN, "unassigned": MISSING},
        "feedback.raise_need": {"final": OPEN, "other": FORBIDDEN, "unassigned": MISSING},
        "feedback.need": {"other": OPEN, "of_colleague": MISSING, "same_region": MISSING},
        "reviews.safety_alert": {"assigned": OPEN, "of_unit": MISSING, "other": OPEN},
        "reviews.take_alert_step": {"assigned": OPEN, "other": FORBIDDEN},
    },
}
