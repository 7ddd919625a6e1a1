"""Checks of `sample.yaml` against the forms of its set; each fault is a path in the file and one sentence."""

from collections.abc import Iterator, Mapping

from plans.yaml_lines import Path
from schemas.declaration import CodeList, Dimension, Form
from schemas.figure_expressions import GIVEN, names_of_figure
from schemas.sample_expressions import expression_faults
from schemas.sample_file import SampledForm, SampleFile

Fault = tuple[Path, str]


def check_sample(
    sample: SampleFile, forms: Mapping[str, Form], dimensions: Mapping[str, Dimension]
) -> list[Fault]:
    """Return the faults; `forms` and `dimensions` are by the keys of the files."""
    faults: list[Fault] = []
    for key in sample.codes:
        code_list = dimensions[key].code_list if key in dimensions else None
        if code_list is None:
            faults.append((("codes", key), f"the key column {key} has no code list or is not declared"))
        else:
            faults += _codes(sample, key, code_list)
    for key, declared in sample.forms.items():
        if key not in forms:
            faults.append((("forms", key), f"the form {key} is not declared"))
        else:
            faults += _form(key, declared, forms[key])
    return faults


def _codes(sample: SampleFile, key: str, code_list: CodeList) -> Iterator[Fault]:
    known = {code.code for code in code_list.codes}
    part = sample.codes[key]
    always = part.partial.always if part.partial else ()
    for codes in (*part.by_level.values(), *part.first_body.values(), always):
        for code in codes:
            if code not in known:
                yield ("codes", key), f"{code} is not in the code list of {key}"


def _form(key: str, declared: SampledForm, form: Form) -> Iterator[Fault]:
    measures = [measure.key for measure in form.measures]
    given = {d.key for d in form.dimensions} | GIVEN
    yield from _steps(("forms", key, "figures"), declared.figures, given, form)
    yield from _unused(
        ("forms", key, "figures"), declared.figures, set(measures), f"measure of the form {key}"
    )
    for column in declared.slip:
        if column not in measures:
            yield ("forms", key, "slip", column), f"the form {key} has no measure {column}"
    for rule, changes in declared.breaks.items():
        path: Path = ("forms", key, "breaks", rule)
        if rule not in {known.id for known in form.rules}:
            yield path, f"the form {key} has no rule {rule}"
        yield from _steps(path, changes, set(form.columns), form)
        yield from _unused(path, changes, set(form.columns), f"column of the form {key}")


def _unused(path: Path, steps: Mapping[str, object], columns: set[str], what: str) -> Iterator[Fault]:
    """Find helpers that no expression uses: names of columns that are misspelt."""
    expressions = [names_of_figure(str(step)) for step in steps.values()]
    used = {name for own, before in expressions for name in own | before}
    for step in sorted(steps.keys() - used - columns):
        yield (*path, step), f"{step} is no {what} and is not used"


def _steps(path: Path, steps: Mapping[str, object], known: set[str], form: Form) -> Iterator[Fault]:
    """Find names that are not known where a step uses them, and what else cannot be computed."""
    for key, expression in steps.items():
        for fault in expression_faults(key, str(expression), form):
            yield (*path, key), f"the expression of {key}: {fault}"
        own, before = names_of_figure(str(expression))
        for name in sorted((own - known) | (before - steps.keys())):
            yield (*path, key), f"the expression of {key} uses {name}, which is not declared before it"
        known = known | {key}
