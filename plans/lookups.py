"""What is derived from a plan file: bodies of areas, lookups by code, the area tree.

The values are computed once per plan, on first use; a plan never changes.
"""

from datetime import date
from functools import cached_property

from plans.plan_file import AdministrativeLevel, Area, Body, Obligation, PlanFile
from plans.plan_types import LEVELS, Dated, Level
from plans.target_file import Target


class PlanLookups(PlanFile):
    """A plan file with lookups, each computed once, on first use."""

    @cached_property
    def areas_by_code(self) -> dict[str, Area]:
        """Every area by its official code, in its last state."""
        return {area.code: area for area in sorted(self.areas, key=lambda area: area.starts_on)}

    @property
    def targets_by_code(self) -> dict[str, Target]:
        """Every target by its code."""
        return {target.code: target for target in self.targets}

    def given_by_area(self, name: str) -> dict[str, float]:
        """Return the figures given under a name; an area without one has the sum of those inside."""
        given = self.area_figures[name].values
        inner: dict[str, list[str]] = {}
        for area in self.areas_by_code.values():
            inner.setdefault(area.parent or "", []).append(area.code)

        def figures(code: str) -> list[float]:
            if code in given:
                return [given[code]]
            return [figure for below in inner.get(code, ()) for figure in figures(below)]

        found = {code: figures(code) for code in self.areas_by_code}
        return {code: sum(values) for code, values in found.items() if values}

    @cached_property
    def local_bodies(self) -> tuple[Body, ...]:
        """The bodies of local areas, such as people's committees: one per area whose level has them."""
        return tuple(
            Body(
                code=f"{self._prefix(level)}{area.code}",
                name=wording.replace("{}", area.name),
                level=area.level,
                area=area.code,
                valid_from=area.valid_from,
                last_day=area.last_day,
                email=area.email,
            )
            for area in self.areas
            if (level := self.levels_by_key.get(area.level)) and (wording := self._local_body(level))
        )

    def _local_body(self, level: AdministrativeLevel) -> str:
        if level.local_body is not None:
            return level.local_body
        return "" if level is self.levels[0] else "UBND {}"

    def _prefix(self, level: AdministrativeLevel) -> str:
        return self.local_body_prefix if level.local_body_prefix is None else level.local_body_prefix

    @property
    def levels_by_key(self) -> dict[Level, AdministrativeLevel]:
        """The administrative levels by key, the highest first."""
        return {level.key: level for level in self.levels}

    @property
    def area_headings(self) -> tuple[str, ...]:
        """The headings under which sheets list the areas of any level."""
        return tuple(text for level in self.levels for text in (level.heading_vi, *level.aliases))

    @cached_property
    def all_bodies(self) -> tuple[Body, ...]:
        """The bodies listed in the file and those of the local areas."""
        return (*self.bodies, *self.local_bodies)

    @cached_property
    def bodies_by_code(self) -> dict[str, Body]:
        """Every body by its code, in its last state."""
        return {body.code: body for body in sorted(self.all_bodies, key=lambda body: body.starts_on)}

    @cached_property
    def obligation_pairs(self) -> tuple[tuple[Body, Obligation], ...]:
        """Each body with each of its obligations; a level means the local bodies of that level."""
        return tuple(
            (body, obligation)
            for obligation in self.obligations
            for name in obligation.bodies
            for body in self._bodies_named(name)
        )

    def body_codes(self, names: tuple[str, ...]) -> list[str] | None:
        """Return the codes of the bodies that a term counts (None: all); a level means its local bodies."""
        if not names:
            return None
        local = [body.code for body in self.local_bodies if body.level in names]
        return [*local, *(name for name in names if name not in self.levels_by_key)]

    def _bodies_named(self, name: str) -> list[Body]:
        if name in self.levels_by_key:
            return [body for body in self.local_bodies if body.level == name]
        return [body for body in self.all_bodies if body.code == name]

    @cached_property
    def cadences(self) -> dict[tuple[str, str], Obligation]:
        """The obligation by (body code, form code); the last one where it changes within the year."""
        pairs = sorted(self.obligation_pairs, key=lambda pair: pair[1].starts_on)
        return {(body.code, obligation.form): obligation for body, obligation in pairs}

    @cached_property
    def has_dates(self) -> bool:
        """Whether an area, a body or an obligation has a first or last day."""
        parts: tuple[Dated, ...] = (*self.areas, *self.bodies, *self.obligations)
        return any(part.valid_from is not None or part.last_day is not None for part in parts)

    def effective_level(self, level: Level, day: date) -> Level:
        """Return the level that replaces another on a day: the next lower one where it has no areas.

        Since July 2025 provinces have communes and no districts: a form by district is one by commune.
        """
        present = {area.level for area in self.areas if area.exists(day, day)}
        order = next((keys for keys in ((*self.levels_by_key,), LEVELS) if level in keys), (level,))
        return next((lower for lower in order[order.index(level) :] if lower in present), level)

    def ancestors(self, area_code: str) -> tuple[str, ...]:
        """Return the codes of the area itself and of all areas around it, from the inside out."""
        codes = []
        code: str | None = area_code
        while code is not None and code in self.areas_by_code:
            codes.append(code)
            code = self.areas_by_code[code].parent
        return tuple(codes)

    @cached_property
    def areas_within(self) -> dict[str, frozenset[str]]:
        """For each area, the codes of itself and of all areas inside it."""
        within: dict[str, set[str]] = {area.code: set() for area in self.areas}
        for area in self.areas:
            for ancestor in self.ancestors(area.code):
                within[ancestor].add(area.code)
        return {code: frozenset(codes) for code, codes in within.items()}
