"""Some items of an instrument: what they need of the face sheet, and no component's rating."""

from __future__ import annotations

import pytest

from cqi.instruments import excerpt, rating
from tests import build


def test_it_holds_these_items_and_the_facts_that_they_look_at() -> None:
    whole = build.instrument()
    some = excerpt.of(whole, ["SRM08", "MAS04"])
    assert [item.code for item in some.items] == ["MAS04", "SRM08"]
    assert [each.code for each in some.components] == ["MAS", "SRM"]
    assert {fact.name for fact in some.facts} == {"case_type", "referral_made", "reunified_in_pur"}
    assert (some.digest, some.whole, whole.whole) == (whole.digest, False, True)


def test_a_whole_comes_with_its_parts_and_a_part_with_its_whole() -> None:
    pages = build.instrument("osri")
    item = next(item for item in pages.items if item.parts)
    family = {item.code, *item.parts}
    assert {each.code for each in excerpt.of(pages, [item.code]).items} == family
    assert {each.code for each in excerpt.of(pages, [item.parts[0]]).items} == family


def test_its_components_are_not_rated_and_say_why() -> None:
    some = excerpt.of(build.instrument(), ["MAS04"])
    facts = {"case_type": "in_home", "referral_made": "no"}
    case = rating.rate(some, facts, {})
    assert case.items["MAS04"].rating == "not_applicable"
    rated = case.components["MAS"]
    assert (rated.rating, rated.missing) == (None, ())
    assert rated.reason == "Not rated: this round asks for named items only."


def test_no_item_of_this_code() -> None:
    with pytest.raises(KeyError):
        excerpt.of(build.instrument(), ["SRM99"])
