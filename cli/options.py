"""The types of arguments and options that several commands take."""

from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
PeriodOption = Annotated[
    str | None, typer.Option("--period", metavar="PERIOD", help="Period code: 2020-M03, 2020-Q1, 2020-Y.")
]
PeriodArgument = Annotated[
    str, typer.Argument(metavar="PERIOD", help="Period code: 2020-M03, 2020-Q1, 2020-H1, 2020-Y.")
]
AreaOption = Annotated[
    str | None, typer.Option("--area", metavar="CODE", help="Area code (default: the whole province).")
]
PlanCodeOption = Annotated[
    str | None,
    typer.Option(
        "--plan-code", metavar="CODE", help="Plan code; required only where several active plans fit."
    ),
]
BodyArgument = Annotated[str, typer.Argument(metavar="BODY", help="Code of the body.")]
FormArgument = Annotated[str, typer.Argument(metavar="FORM", help="Code of the form.")]
SubmissionArgument = Annotated[
    int, typer.Argument(metavar="SUBMISSION", help="Number of the submission, as `chitieu status` lists it.")
]
FindingArgument = Annotated[
    str, typer.Argument(metavar="SUBMISSION/NUMBER", help="As `chitieu finding list` names it: 12/1.")
]
# --why is the spelling of the first release.
ReasonOption = Annotated[
    str, typer.Option("--reason", "--why", metavar="TEXT", help="The reason, kept on record.")
]
EditionOption = Annotated[
    int | None,
    typer.Option("--edition", metavar="N", help="Edition of a closed period (default: the latest)."),
]
OptionalReason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="The reason, kept on record.")]
OutOption = Annotated[str | None, typer.Option("--out", metavar="DIR", help="The folder to write to.")]
