"""The floor: read the cells of a drive's files with python-calamine and send them with COPY.

Recognises no form, checks nothing and archives nothing: a lower bound for what the product does.
"""

import csv
import io
import json
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import psycopg
import python_calamine

Row = tuple[str, str, int, list[str]]


def main() -> None:
    """`python -m benchmarks.floor DRIVE URL`: print the seconds, the sheets and the rows as JSON."""
    drive, url = sys.argv[1:]
    started = time.monotonic()
    sheets: set[tuple[str, str]] = set()
    count = 0
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute("CREATE TABLE floor (file text, sheet text, number int, cells text[])")
        with connection.cursor() as cursor, cursor.copy("COPY floor FROM STDIN") as copy:
            for row in _rows(Path(drive)):
                copy.write_row(row)
                sheets.add(row[:2])
                count += 1
    print(json.dumps({"seconds": time.monotonic() - started, "sheets": len(sheets), "rows": count}))


def _rows(drive: Path) -> Iterator[Row]:
    for path in sorted(drive.rglob("*")):
        if not path.is_file():
            continue
        for sheet, cells in _sheets(path.read_bytes(), path.suffix):
            for number, row in enumerate(cells, 1):
                yield str(path), sheet, number, [str(cell) for cell in row]


def _sheets(content: bytes, suffix: str) -> Iterator[tuple[str, Sequence[Sequence[object]]]]:
    if suffix == ".csv":
        text = content.decode("utf-8", errors="replace").replace("\0", "")
        yield "", list(csv.reader(io.StringIO(text)))
        return
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    except Exception:
        return  # files that are not workbooks cost the floor nothing
    for name in book.sheet_names:
        yield name, book.get_sheet_by_name(name).to_python()


if __name__ == "__main__":
    main()
