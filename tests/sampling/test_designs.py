"""A draw's design: read, refused with everything that is wrong, and written again."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cqi.core import errors
from cqi.sampling.rules import designs
from cqi.sampling.rules.drawing import Design, Proportional, Slice


def test_the_designs_of_the_documentation_are_read() -> None:
    fixed = 'strata = ["case_type"]\nallocation = {foster_care = 40, in_home = 25}\nreserve = 0.5'
    assert designs.parsed(fixed) == Design(
        (Slice.CASE_TYPE,), {"foster_care": 40, "in_home": 25}, Decimal("0.5")
    )
    shared = 'strata = ["county_fips"]\ntotal = 65\nrule = "proportional"\nat_least = 2'
    assert designs.parsed(shared) == Design((Slice.COUNTY,), Proportional(65, 2))


@pytest.mark.parametrize(
    "design",
    [
        Design((), {"all": 9}, Decimal("0.25")),
        Design((Slice.COUNTY, Slice.CASE_TYPE), {"28001|foster_care": 3}, Decimal(1)),
        Design((Slice.CASE_TYPE,), Proportional(65, 2), Decimal("0.5")),
        Design((), Proportional(1)),
    ],
)
def test_a_written_design_reads_back_as_the_same(design: Design) -> None:
    assert designs.parsed(designs.written(design)) == design


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "give either an allocation"),
        ("total = ", "the design is no TOML"),
        ('total = 5\nrule = "random"', 'a total needs rule = "proportional"'),
        ("total = 5", 'a total needs rule = "proportional"'),
        ('total = 0\nrule = "proportional"', "total is a whole number of cases, 1 or more"),
        ('total = 5.5\nrule = "proportional"', "total is a whole number"),
        ('total = true\nrule = "proportional"', "total is a whole number"),
        ('total = 5\nrule = "proportional"\nat_least = -1', "at_least is a whole number"),
        ('total = 5\nrule = "proportional"\nreserve = "half"', "reserve is a share such as 0.5"),
        ('total = 5\nrule = "proportional"\nreserve = -0.1', "not below 0"),
        ('total = 5\nrule = "proportional"\nreserve = nan', "reserve is a share"),
        ('total = 5\nrule = "proportional"\nreserve = 1e9', "reserve is at most"),
        ('total = 5\nrule = "proportional"\nseed = "x"', 'there is no "seed" in a design'),
        ("total = 5\nallocation = {a = 1}", "give either an allocation"),
        ("allocation = 7", "allocation names each stratum"),
        ("allocation = {}", "allocation names each stratum"),
        ("allocation = {foster_care = 1.5}", "foster_care needs a whole number"),
        ("allocation = {foster_care = -1}", "foster_care needs a whole number"),
        ('allocation = {total = 65, rule = "proportional"}', "rule, total stand on lines of their"),
        ("allocation = {foster_care = 1}\nat_least = 1", "at_least goes with a total"),
        ('strata = "case_type"\nallocation = {a = 1}', "strata is a list of"),
        ('strata = ["worker"]\nallocation = {a = 1}', "strata is a list of"),
        ('strata = ["case_type", "case_type"]\nallocation = {a = 1}', "names one thing twice"),
    ],
)
def test_a_bad_design_is_refused_with_what_to_write(text: str, words: str) -> None:
    with pytest.raises(errors.BadInput, match="design") as refused:
        designs.parsed(text)
    assert words in str(refused.value)


def test_everything_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(errors.BadInput) as refused:
        designs.parsed('strata = ["worker"]\ntotal = 0\nreserve = -1')
    for words in ("strata is a list", "total is a whole", "a total needs", "not below 0"):
        assert words in str(refused.value)
