"""Who writes, sends and comments on progress reports, answered as reasons."""

from __future__ import annotations

from cqi.access.actor import Actor
from cqi.access.permissions import Permission
from cqi.core.errors import Blocker
from cqi.plans import policy
from cqi.plans.policy import PlanFacts
from cqi.plans.rules.reports import LONGEST, LONGEST_REMARK


def may_write(actor: Actor, plan: PlanFacts) -> bool:
    """Whoever leads the plan writes its reports, and answers what is said of them."""
    return policy.may(actor, Permission.PLAN_LEAD, plan)


def may_remark(actor: Actor, plan: PlanFacts) -> bool:
    """Whoever monitors the plan comments."""
    return policy.may(actor, Permission.PLAN_DISCUSS, plan)


def writing_blockers(narrative: str, *, sending: bool, sent: bool) -> list[Blocker]:
    """Why a narrative cannot be saved, or a report not be sent."""
    found = []
    if sent:
        message = "This report was sent: what it says stays. Answer the comments below it."
        found.append(Blocker("sent", message))
    if len(narrative) > LONGEST:
        found.append(Blocker("too_long", f"Use at most {LONGEST} characters.", "narrative"))
    if sending and not narrative.strip():
        message = "Say in a few sentences what was done, what stands in the way and what comes."
        found.append(Blocker("no_words", message, "narrative"))
    return found


def remark_blockers(words: str) -> list[Blocker]:
    """Why a comment or an answer cannot be written so."""
    if not words.strip():
        return [Blocker("no_words", "Write it down: it stays beside the report.", "words")]
    if len(words) > LONGEST_REMARK:
        return [Blocker("too_long", f"Use at most {LONGEST_REMARK} characters.", "words")]
    return []
