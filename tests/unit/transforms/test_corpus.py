"""Files that once broke a reader, as `make fuzz-readers` found them: each is read, or refused with a finding."""

import subprocess
import sys

from tests.support.paths import DATA

CORPUS = DATA / "corpus"
CHILD = """
import resource, sys
from datetime import date
from pathlib import Path
from plans.reading import DEFAULT_PLAN, read_plan
from transforms.file_parser import read_file
from schemas.form_set import shipped_form_set
from transforms.layout.sheet_parser import reading_context

resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))
context = reading_context(read_plan(DEFAULT_PLAN), shipped_form_set("pcmd"), date(2020, 12, 31))
for name in sys.argv[1:]:
    reading = read_file(Path(name).read_bytes(), Path(name).name, "UBND-731", context)
    print(Path(name).name, reading.problem.code if reading.problem else "read")
"""


def test_what_once_broke_a_reader_does_not_any_more() -> None:
    """In a process of its own, for some of them ended it."""
    files = sorted(CORPUS.iterdir())
    done = subprocess.run(
        [sys.executable, "-c", CHILD, *map(str, files)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-300:]
    assert done.stdout.split() == [word for file in files for word in (file.name, "FILE-UNREADABLE")]


def test_the_corpus_is_there() -> None:
    assert len(list(CORPUS.iterdir())) >= 4
