"""What lies in the folders beside the reports: no reports, damaged ones, sheets that are no forms."""

from pathlib import Path
from random import Random

from sampledata.layout import Grid
from sampledata.mess import Typing
from sampledata.writers import Page
from schemas.declaration import Form

NO_REPORTS: tuple[tuple[str, bytes], ...] = (
    ("~$bao cao.xlsx", b"\x06user" + b"\0" * 160),
    (".~lock.bao cao.ods#", b",user,may-tinh,15.03.2020 08:00,file:///C:/Users;"),
    ("Thumbs.db", b"\xd0\xcf\x11\xe0junk"),
    ("desktop.ini", b"[.ShellClassInfo]\r\n"),
    ("anh hoi nghi.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0" + b"\0" * 64),
    ("logo.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 32),
)
SUBFOLDERS = ("", "", "{year}", "thang {month}", "Quý {quarter}", "{year}/thang {month}")
FILE_NAMES = ("so lieu", "bao cao", "Báo cáo {set}", "BC")
SHEET_NAMES = ("Bieu {n}", "Bieu {n}", "Bieu {n}", "Biểu {n}", "{code}", "Sheet{n}")
KINDS = (".xlsx",) * 12 + (".xls",) * 3 + (".ods",) * 3 + (".csv",) * 2


def damage(path: Path, rng: Random) -> None:
    """Leave of a file what a broken copy leaves: a part, or something else under its name."""
    content = path.read_bytes()
    half = content[: len(content) // 2] if path.suffix in (".xlsx", ".ods") else b"\xd0\xcf\x11\xe0 broken"
    path.write_bytes(rng.choice((half, b"PK\x03\x04 not really a workbook", b"\0" * 512)))


def side_pages(form: Form, typing: Typing, rng: Random, mess: float) -> list[Page]:
    """Sheets of a workbook that are no forms: notes, an empty one, a hidden list of choices."""
    pages = []
    if rng.random() < 0.2 * mess:
        notes = Grid({(0, 0): "Bảng tính phụ, không phải biểu báo cáo", (1, 0): rng.randint(1, 99)})
        pages.append(Page("Ghi chú", notes.typed(typing)))
    if rng.random() < 0.15 * mess:
        pages.append(Page("Sheet9", Grid()))
    if rng.random() < 0.15 * mess:
        choices = [c.label_vi for d in form.columns.values() if d.code_list for c in d.code_list.codes]
        listed = Grid({(i, 0): text for i, text in enumerate(choices)})
        pages.append(Page("_danhmuc", listed.typed(typing), hidden=True))
    return pages
