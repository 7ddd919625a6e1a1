"""The language of targets: what it reads as, what it refuses, and how a plan is held against the forms."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.model import LEVELS, Plan
from plans.reading import DEFAULT_PLAN, read_plan
from plans.target_expressions import Term, parse, target_terms
from schemas.declaration import MeasureType
from schemas.form_set import shipped_form_set
from schemas.target_checks import check_plan
from tests.support.forms import BY_KEY, FORMS
from tests.support.targets import check_expression

PLAN = read_plan(DEFAULT_PLAN)
FITS = {
    "sum": MeasureType.FLOW,
    "first": MeasureType.OPENING_STOCK,
    "last": MeasureType.STOCK,
    "count": MeasureType.FLAG,
}
BODIES = ["CAT", "TAND", "UBND-731", "UBND-25993", "district", "commune"]


@st.composite
def terms(draw: st.DrawFn) -> tuple[str, Term]:
    """A term as written and as it should be read."""
    if draw(st.booleans()):
        level = draw(st.sampled_from(LEVELS))
        return f"areas({level})", Term(1, "areas", level=level)
    function, kind = draw(st.sampled_from(sorted(FITS.items())))
    form, measure = draw(st.sampled_from([(f, m) for f in FORMS for m in f.measures if m.kind is kind]))
    bodies = draw(st.lists(st.sampled_from(BODIES), unique=True, max_size=3))
    lists = {d.key: [c.code for c in d.code_list.codes] for d in form.dimensions if d.code_list}
    chosen = {
        key: draw(st.lists(st.sampled_from(lists[key]), unique=True, min_size=1, max_size=3))
        for key in draw(st.lists(st.sampled_from(sorted(lists)), unique=True) if lists else st.just([]))
    }
    filters = [f"bodies=[{', '.join(bodies)}]"] if bodies else []
    filters += [f"{key}=[{', '.join(codes)}]" for key, codes in chosen.items()]
    written = f"{function}({', '.join([f'{form.key}.{measure.key}', *draw(st.permutations(filters))])})"
    codes = tuple((key, tuple(names)) for key, names in chosen.items())
    return written, Term(1, function, form.key, measure.key, bodies=tuple(bodies), codes=codes)


def plain(term: Term) -> tuple[Any, ...]:
    return (
        *(term.sign, term.function, term.form, term.measure, term.level, term.bodies),
        dict(term.codes),
    )


def signed(term: Term, sign: int) -> Term:
    return Term(sign, term.function, term.form, term.measure, term.level, term.bodies, term.codes)


@given(terms(), st.lists(st.tuples(st.sampled_from("+-"), terms()), max_size=4))
def test_sums_and_differences_of_terms(
    first: tuple[str, Term], others: list[tuple[str, tuple[str, Term]]]
) -> None:
    written = first[0] + "".join(f" {sign} {text}" for sign, (text, _term) in others)
    expected = [first[1], *(signed(term, 1 if sign == "+" else -1) for sign, (_text, term) in others)]
    assert [plain(t) for t in parse(written)] == [plain(t) for t in expected]


@given(terms(), terms(), terms())
def test_brackets_turn_the_signs_inside_them(
    a: tuple[str, Term], b: tuple[str, Term], c: tuple[str, Term]
) -> None:
    assert [t.sign for t in parse(f"{a[0]} - ({b[0]} - {c[0]})")] == [1, -1, 1]
    assert [t.sign for t in parse(f"{a[0]} - ({b[0]} + {c[0]})")] == [1, -1, -1]


@pytest.mark.parametrize("name", ["UBND-731", "'UBND-731'", '"UBND-731"'])
def test_a_body_s_code_may_have_a_hyphen(name: str) -> None:
    (term,) = parse(f"sum(hotspots.dismantled, bodies=[{name}, CAT])")
    assert term.bodies == ("UBND-731", "CAT")


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("", "'' is no expression"),
        ("sum(", "is no expression"),
        ("sum(trials.tried) +", "is no expression"),
        ("sum(trials.tried, bodies=[CAT)", "is no expression"),
        ("trials.tried", "a target may not use 'trials.tried'"),
        ("sum(trials.tried) * areas(commune)", "may not use"),
        ("2 ** sum(trials.tried)", "may not use"),
        ("0 * sum(trials.tried)", "the number 0 should not be zero"),
        ("sum(trials.tried) / 0", "the number 0 should not be zero"),
        ("True * sum(trials.tried)", "the number True should not be zero"),
        ("constant()", "may not use 'constant()'"),
        ("sum(trials.tried) / areas(commune)", "may not use"),
        ("sum(trials.tried, over=month)", "over=month should be over=year or over=period or over=plan"),
        ("sum(trials.tried, year=next)", "year=next should be year=current or year=previous"),
        ("owed(trials, year=previous)", "owed() has no filter 'year'"),
        ("owed(trials, team_level=[PROVINCE])", "owed() has no filter 'team_level'"),
        ("on_time(court)", "on_time(court) names no form"),
        ("value()", "may not use 'value()'"),
        ("value(T1, bodies=[CAT])", "may not use"),
        ("reaching(T1)", "may not use 'reaching(T1)'"),
        ("assessed(T1)", "may not use 'assessed(T1)'"),
        ("given(trials.tried)", "may not use"),
        ("unknown(trials.tried)", "may not use 'unknown(trials.tried)'"),
        ("sum(tried)", "may not use 'sum(tried)'"),
        ("sum(trials.tried, trials.opening)", "may not use"),
        ("sum()", "may not use"),
        ("sum(trials.tried.x)", "may not use"),
        ("sum(__import__('os').path)", "may not use"),
        ("areas(commune, bodies=[CAT])", "may not use"),
        ("areas(commune.x)", "may not use"),
        ("sum(court.tried)", "court.tried is no measure of a form"),
        ("sum(trials.judged)", "trials.judged is no measure of a form"),
        ("sum(trials.district)", "trials.district is no measure of a form"),
        ("sum(trials.opening)", "sum() does not fit trials.opening, which is of kind open"),
        ("last(trials.tried)", "last() does not fit trials.tried, which is of kind flow"),
        ("first(trials.closing)", "first() does not fit trials.closing, which is of kind stock"),
        ("count(commune_status.score)", "count() does not fit commune_status.score, which is of kind score"),
        ("sum(trials.tried, bodies=TAND)", "'TAND' should be a list"),
        ("sum(trials.tried, bodies=[])", "'[]' should be a list of at least one name"),
        ("sum(inspections.visits, team_level=[])", "'[]' should be a list of at least one name"),
        ("sum(trials.tried, **{})", "'{}' should be a list"),
        ("sum(trials.tried, **[CAT])", "form trials has no code list ''"),
        ("sum(trials.tried, team_level=[PROVINCE])", "form trials has no code list 'team_level'"),
        ("sum(trials.tried, district=[D731])", "form trials has no code list 'district'"),
        ("sum(inspections.visits, visits=[A])", "form inspections has no code list 'visits'"),
        ("sum(inspections.visits, team_level=[PROVINCE, TEAM])", "team_level has no code TEAM"),
        (
            "sum(trials.tried, bodies=[CAT], bodies=[TAND])",
            "sum(trials.tried) has the same filter twice",
        ),
    ],
)
def test_what_is_no_target(expression: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        check_expression(expression, BY_KEY)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_shipped_plan_fits_the_forms_and_uses_every_kind_of_term() -> None:
    check_plan(PLAN, BY_KEY)
    used = {term.function for target in PLAN.targets for side in target_terms(target) for term in side}
    assert used == {"sum", "first", "last", "count", "areas"}


def test_the_terms_of_a_share_and_of_a_count() -> None:
    by_code = {t.code: target_terms(t) for t in PLAN.targets}
    assert by_code["T1"] == (
        (Term(1, "sum", "enforcement", "cases_prosecuted", bodies=("CAT",)),),
        (),
    )
    tried, triable = by_code["T2"]
    assert tried == (Term(1, "sum", "trials", "tried", bodies=("TAND",)),)
    assert [(t.sign, t.function, t.measure) for t in triable] == [
        (1, "first", "opening"),
        (1, "sum", "accepted"),
        (-1, "sum", "returned"),
    ]
    assert by_code["T5"][0][0].codes == (("team_level", ("DISTRICT", "COMMUNE")),)
    assert by_code["T6"][1] == (Term(1, "areas", level="commune"),)


def changed(part: str, **changes: Any) -> Plan:
    """The shipped plan with changes to the first of its targets or obligations."""
    first, *others = getattr(PLAN, part)
    return PLAN.model_copy(update={part: (first.model_copy(update=changes), *others)})


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        (changed("obligations", form="99-PCMD"), "an obligation names the unknown form 99-PCMD"),
        (changed("obligations", form="enforcement"), "an obligation names the unknown form enforcement"),
        (
            changed("targets", numerator="areas(village)"),
            "target T1: areas() names the level village, which the plan does not have",
        ),
        (
            changed("targets", numerator="reaching(T2, village)"),
            "target T1: reaching() names the level village, which the plan does not have",
        ),
        (changed("targets", numerator="value(T77)"), "target T1: value() names the unknown target T77"),
        (
            changed("targets", numerator="value(T1)"),
            "target T1: the target is computed from itself: T1 from T1",
        ),
        (changed("targets", numerator="120"), "target T1: the numerator has nothing but numbers"),
        (
            changed("targets", numerator="given(population)"),
            "target T1: given(population): the plan has no area_figures population",
        ),
        (
            changed("targets", numerator="recorded(document)"),
            "target T1: recorded(document): the plan has no records document",
        ),
        (
            changed("targets", due=date(2021, 3, 1)),
            "target T1 has a step, assessment or due day outside the plan: 2021-03-01",
        ),
        (
            changed("targets", numerator="count(commune_status.plan_deployed, over=period)", periods=("M",)),
            "target T1: commune_status has no report within a period of the kind M",
        ),
        (changed("targets", numerator="sum(x.y)"), "target T1: x.y is no measure of a form"),
        (changed("targets", denominator="sum("), "target T1: 'sum(' is no expression"),
        (
            changed("targets", numerator="sum(trials.tried, bodies=[TOAAN])"),
            "target T1: a term names the unknown body TOAAN",
        ),
        (
            changed("targets", denominator="sum(trials.tried, bodies=[district, UBND-999])"),
            "target T1: a term names the unknown body UBND-999",
        ),
    ],
)
def test_a_plan_that_does_not_fit_the_forms(plan: Plan, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        check_plan(plan, BY_KEY)
    assert str(caught.value) == message


def test_levels_and_local_bodies_are_known_bodies() -> None:
    check_plan(changed("targets", numerator="sum(trials.tried, bodies=[district, UBND-731, TAND])"), BY_KEY)


SHARE = next(target for target in PLAN.targets if target.denominator)


def share(numerator: str, denominator: str) -> Plan:
    changes = {"numerator": numerator, "denominator": denominator}
    return PLAN.model_copy(update={"targets": (SHARE.model_copy(update=changes),)})


@pytest.mark.parametrize(
    ("numerator", "denominator", "above", "below"),
    [
        (
            "count(commune_status.plan_deployed)",
            "areas(district)",
            "areas of the level commune",
            "areas of the level district",
        ),
        ("areas(commune)", "areas(district)", "areas of the level commune", "areas of the level district"),
        (
            "distinct(hotspots.identified)",
            "areas(commune)",
            "areas of the level district",
            "areas of the level commune",
        ),
        (
            "last(commune_status.managed)",
            "areas(commune)",
            "the unit establishment",
            "areas of the level commune",
        ),
        ("sum(trials.tried)", "last(hotspots.closing)", "the unit case", "the unit place"),
        (
            "count(commune_status.plan_deployed) + count(commune_status.volunteer_team)",
            "areas(district) + last(hotspots.closing)",
            "areas of the level commune",
            "areas of the level district and the unit place",
        ),
    ],
)
def test_a_share_of_different_things_is_rejected(
    numerator: str, denominator: str, above: str, below: str
) -> None:
    sentence = (
        f"the numerator counts {above}, the denominator {below}; a share needs the same above and below"
    )
    with pytest.raises(ValueError) as caught:
        check_plan(share(numerator, denominator), BY_KEY)
    assert str(caught.value) == f"target {SHARE.code}: {sentence}"


@pytest.mark.parametrize(
    ("numerator", "denominator"),
    [
        ("count(commune_status.plan_deployed)", "areas(commune)"),
        ("distinct(hotspots.identified)", "areas(district)"),
        ("distinct(commune_status.hotspots)", "count(commune_status.plan_deployed)"),
        ("sum(trials.tried)", "first(trials.opening) + sum(trials.accepted)"),
        ("last(commune_status.hotspots)", "last(hotspots.closing)"),
    ],
)
def test_a_share_of_like_things_is_accepted(numerator: str, denominator: str) -> None:
    check_plan(share(numerator, denominator), BY_KEY)


def test_the_shipped_plans_divide_like_by_like() -> None:
    for file in DEFAULT_PLAN.parent.glob("*.yaml"):
        plan = read_plan(file)
        check_plan(plan, shipped_form_set(plan.form_set).by_key)


@pytest.mark.parametrize(
    ("expression", "factors"),
    [
        ("-2 * areas(commune) + 0.5 * areas(district)", ["-2", "0.5"]),
        ("areas(commune) * -2 - areas(district) / 4", ["-2", "-0.25"]),
        ("0.5 * (areas(commune) - 2 * (areas(district) - 3))", ["0.5", "-1", "3"]),
        ("-areas(commune) - -5", ["-1", "5"]),
    ],
)
def test_coefficients_multiply_the_terms_in_their_brackets(expression: str, factors: list[str]) -> None:
    assert [term.sign * term.weight for term in parse(expression)] == [Decimal(factor) for factor in factors]
