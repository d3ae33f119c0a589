"""The register of disclosures, and writing one down by hand."""

from __future__ import annotations

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, disclosures, guard
from cqi.access.law import NewDisclosure
from cqi.access.permissions import Permission
from cqi.cases import queries as cases
from cqi.core import errors
from cqi.ui import dates, pages
from cqi.web import people_forms as forms

blueprint = flask.Blueprint("disclosures", __name__, url_prefix="/disclosures")
_REFUSED = 422


@blueprint.get("", endpoint="disclosures")
@guard.requires(Permission.DISCLOSURE_SEE)
def show_disclosures() -> str:
    """What left the product, the newest first; an administrator sees ids alone."""
    page = pages.asked_page()
    found = disclosures.register(current.session(), current.actor(), page)
    return flask.render_template(
        "web/disclosures/disclosures.html",
        found=found,
        stretch=pages.Stretch(page, disclosures.PAGE, found.number),
        reads=guard.may(Permission.DISCLOSURE_READ),
        records=guard.may(Permission.DISCLOSURE_RECORD),
        dates=dates,
    )


@blueprint.route("/record", methods=["GET", "POST"])
@guard.requires(Permission.DISCLOSURE_RECORD, fresh=True)
def record_disclosure() -> ResponseReturnValue:
    """Write down what went out by another way, such as on a court's order."""
    form = forms.DisclosureForm()
    if form.validate_on_submit() and _recorded(form):
        flask.flash("It is in the register.")
        return flask.redirect(flask.url_for("disclosures.disclosures"), code=303)
    if not form.is_submitted():
        form.given_on.data = current.today()
    wrong = bool(form.errors or form.form_errors)
    page = flask.render_template(
        "web/disclosures/record_disclosure.html", form=form, has_errors=wrong
    )
    return page, _REFUSED if wrong else 200


def _recorded(form: forms.DisclosureForm) -> bool:
    """A case that one may not see is answered like one that is not there."""
    session, actor = current.session(), current.actor()
    new = NewDisclosure(
        persons=form.persons.data or "",
        extent=form.extent.data or "",
        purpose=form.purpose.data or "",
        given_on=form.given_on.data or current.today(),
        order_number=form.order_number.data or "",
        expires_on=form.expires_on.data,
    )
    try:
        case = cases.visible_by_number(session, actor, form.case_number.data or "")
        disclosures.record_by_hand(
            session,
            new,
            case=case.public_id,
            actor=actor,
            now=current.now(),
            today=current.today(),
        )
    except errors.NotFound:
        form.case_number.errors = ["There is no such case. Look at its number again."]
        return False
    except errors.Blocked as refused:
        forms.show_blockers(form, refused.blockers)
        return False
    return True
