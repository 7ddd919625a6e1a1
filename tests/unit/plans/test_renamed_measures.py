"""A plan whose targets name measures by keys that they had before."""

from plans.reading import DEFAULT_PLAN, read_plan
from plans.renamed_measures import with_present_names

PLAN = read_plan(DEFAULT_PLAN)


def test_only_the_terms_of_the_form_change() -> None:
    names = {("trials", "tried"): "decided", ("inspections", "managed"): "known"}
    followed = {t.code: (t.numerator, t.denominator) for t in with_present_names(PLAN, names).targets}
    was = {t.code: (t.numerator, t.denominator) for t in PLAN.targets}
    assert followed["T2"] == ("sum(trials.decided, bodies=[TAND])", was["T2"][1])
    assert "last(inspections.known, " in followed["T5"][1]
    assert followed["T8"] == was["T8"]  # commune_status.managed
    assert {code for code in was if was[code] != followed[code]} == {"T2", "T5"}


def test_a_key_that_begins_like_another_is_not_changed() -> None:
    assert with_present_names(PLAN, {("trials", "tri"): "x", ("rials", "tried"): "y"}) is PLAN
