"""What reading needs of a plan and its forms, made once for many files."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from plans.model import Plan
from plans.plan_years import plan_window
from schemas.form_set import FormSet
from transforms.layout.sheet_head.letterhead import Letterheads, letterheads
from transforms.privacy.personal_scan import known_phrases
from transforms.text.places import Gazetteer, gazetteer


@dataclass(frozen=True, eq=False)
class ReadingContext:
    """What reading needs of a plan and its forms, made once; `today` is the present day in its zone.

    `forms` are as printed, `declared` as the rows of a reading are in the end.
    """

    plan: Plan
    forms: FormSet = field(repr=False)
    declared: FormSet = field(repr=False)
    today: date
    places: Gazetteer = field(repr=False)
    ways: Letterheads = field(repr=False)
    phrases: frozenset[str] = field(repr=False)
    gazetteers: dict[tuple[date, date], Gazetteer] = field(repr=False, default_factory=dict)

    @cached_property
    def plan_window(self) -> tuple[date, date]:
        """The first and the last day of the plan."""
        return plan_window(self.plan)

    def places_of(self, plan: Plan, first: date, last: date) -> Gazetteer:
        """Return the names of places as they are in a window, in which `plan` is in force."""
        if plan is self.plan:
            return self.places
        if (first, last) not in self.gazetteers:
            self.gazetteers[first, last] = gazetteer(plan, last)
        return self.gazetteers[first, last]


def reading_context(plan: Plan, forms: FormSet, today: date) -> ReadingContext:
    """Return the context for reading files of this plan."""
    printed = forms.as_printed
    phrases = known_phrases(plan, printed)
    return ReadingContext(plan, printed, forms, today, gazetteer(plan), letterheads(plan), phrases)
