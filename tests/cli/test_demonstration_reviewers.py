"""The demonstration's register of reviewers, and the round that asks for certification."""

from __future__ import annotations

import sqlalchemy as sa

from cqi.access import queries as access
from cqi.access.models import Person
from cqi.cli.demonstration import cast
from cqi.rounds.models import Round
from cqi.rounds.queries import ledger
from cqi.rounds.rules.ledger import Lapse
from tests.fixtures.demonstration import Demonstration


def test_the_round_in_progress_requires_certification_which_one_reviewer_has_lost(
    demonstration: Demonstration,
) -> None:
    database, today = demonstration.opened(), demonstration.made_on
    with database.reading() as session:
        email = cast.email_of("cqi_director")
        person = session.scalars(sa.select(Person).where(Person.email == email)).one()
        director = access.actor_for(session, person.id, today)
        found = ledger.lapsing(session, director, today)
        register = ledger.register(session, director, today)
        required = [one.requires for one in session.scalars(sa.select(Round)) if one.requires]
    database.dispose()
    assert [lapse for _, _, lapse in found] == [Lapse.LAPSED, Lapse.SOON]
    assert required == [["certified"]]
    assert sum(bool(one.withdrawn) for each in register for one in each.written) == 1
