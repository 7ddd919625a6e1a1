"""Examine the drives: whether each can be listed, and whether its folders are those of bodies."""

from collections.abc import Sequence

from drives.listing import DriveError, list_drive
from drives.urls import public_url, split_source
from plans.model import Plan
from plans.similar_codes import similar_code
from services.doctor.report import Line
from transforms.privacy.personal_data import mask

_MOST_NAMED = 20  # folders or problems of one drive


def drive_lines(urls: Sequence[str], plans: Sequence[Plan]) -> list[Line]:
    """Return the lines of all drives; without plans the folders are not compared."""
    return [line for url in urls for line in _one_drive(split_source(url)[0], plans)]


def _one_drive(url: str, plans: Sequence[Plan]) -> list[Line]:
    drive = public_url(url)
    try:
        listing = list_drive(url)
    except DriveError as error:
        return [Line("drives", "fault", str(error), "The other drives are ingested meanwhile.")]
    folders = sorted({file.body_folder for file in listing.files})
    codes = [body.code for plan in plans for body in plan.all_bodies] if plans else folders
    known = [folder for folder in folders if folder in set(codes)]
    counts = f"{len(listing.files)} files in the folders of {len(known)} bodies"
    lines = [Line("drives", "ok", f"{drive}: {counts}; {len(listing.skipped)} skipped as no reports")]
    for folder in [folder for folder in folders if folder not in set(codes)][:_MOST_NAMED]:
        lines.append(_unknown_folder(drive, folder, codes))
    for problem in listing.problems[:_MOST_NAMED]:
        remedy = "Let the account read the folder, or remove it."
        lines.append(Line("drives", "warning", f"{drive}: {problem}", remedy))
    return lines


def _unknown_folder(drive: str, folder: str, codes: Sequence[str]) -> Line:
    message = f"{drive}: the folder {mask(folder)} is not that of a body of a plan"
    meant = similar_code(folder, codes)
    remedy = f"Rename it to {meant}." if meant else "Name the folder by the code of its body, or remove it."
    return Line("drives", "warning", message, remedy)
