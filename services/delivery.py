"""Deliver files to the outboxes of bodies, each on the drives of its own province."""

from collections.abc import Mapping, Sequence

from drives.listing import DriveError
from drives.outbox import body_folders, deliver
from drives.urls import split_source
from plans.model import Plan
from services.plan_routing import ActivePlan, route_folders

BodyFile = tuple[str, str, str]  # province, body, file name


def deliver_to_bodies(
    sources: Sequence[str], files: Mapping[BodyFile, bytes], plans: Sequence[Plan], ending: str | None = None
) -> tuple[list[str], list[str]]:
    """Deliver files as `drives.outbox.deliver` does; returns the paths and problems.

    A problem is a sentence about a drive that cannot be used. Provinces have bodies of the same code: a file
    goes to the drives whose folder belongs to its province.
    """
    written: list[str] = []
    problems: list[str] = []
    for source in sources:
        url = split_source(source)[0]
        try:
            written += deliver(url, _files_of_drive(source, files, plans), ending)
        except DriveError as error:
            problems.append(str(error))
    return written, problems


def _files_of_drive(
    source: str, files: Mapping[BodyFile, bytes], plans: Sequence[Plan]
) -> dict[tuple[str, str], bytes]:
    if len({plan.area for plan in plans}) == 1:
        return {(body, name): content for (_, body, name), content in files.items()}
    url, province = split_source(source)
    active = [ActivePlan(plan, plan.code) for plan in plans]
    routes = route_folders({url: body_folders(url)}, active, {url: province} if province else {})
    return {
        (body, name): content
        for (owner, body, name), content in files.items()
        if any(one.plan.area == owner for one in routes.plans.get((url, body), ()))
    }
