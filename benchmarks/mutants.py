"""Mutated real files through the readers, number after number; the next run goes on where one stopped.

Mutant n is always the same file. What raised, took too long or too much memory is kept in the corpus folder
under its number, and makes the exit status 1.
"""

import argparse
import io
import json
import os
import resource
import signal
import sys
import time
import zipfile
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import date
from functools import lru_cache
from pathlib import Path
from random import Random
from types import FrameType

from plans.reading import DEFAULT_PLAN, read_plan
from schemas.form_catalog import default_catalog
from transforms.file_parser import read_file
from transforms.layout.sheet_parser import ReadingContext, reading_context

SAMPLE = Path(__file__).parents[1] / "tests" / "data" / "sample" / "drive"
SECONDS, MEMORY = 10, 1024 * 2**20  # for one file; the product gives its readers 768 MB and 20 s
BATCH = 500
_NUMBERS = (b"0", b"-1", b"1", b"65536", b"1048577", b"999999999999999999999", b"1e308", b"NaN")
_WORDS = (
    *(b"<", b"&", b"]]>", b"<!--", b'"', b"\x00", b"\xff\xfe", b"\xe2\x80\xae"),
    *(b"=cmd|' /C calc'!A0", b"'; DROP"),
)


def main() -> int:
    """Read mutants until the asked time is over; print how many and what was found."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutants", description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--corpus", type=Path, default=Path(".fuzz"), help="progress, and what was found")
    asked = parser.parse_args()
    asked.corpus.mkdir(parents=True, exist_ok=True)
    note = asked.corpus / "progress.json"
    done = json.loads(note.read_text())["done"] if note.exists() else 0
    begun, until, found = done, time.monotonic() + asked.seconds, 0
    while time.monotonic() < until:
        firsts = [done, done + BATCH]
        for number, why in _run(firsts, asked.corpus):
            found += 1
            print(f"mutant {number}: {why}", flush=True)
            (asked.corpus / f"{number}-{mutant(number)[0]}").write_bytes(mutant(number)[1])
        done += 2 * BATCH
        note.write_text(json.dumps({"done": done}))
    print(f"{done - begun} mutants read in this run, {done} in all; {found} found in this run")
    return 1 if found else 0


def _run(firsts: list[int], corpus: Path) -> list[tuple[int, str]]:
    """What two batches found; a batch whose process died found the mutant that it was reading."""
    found: list[tuple[int, str]] = []
    pools = [ProcessPoolExecutor(1) for _ in firsts]
    futures = [pool.submit(_batch, first, corpus) for pool, first in zip(pools, firsts, strict=True)]
    for first, pool, future in zip(firsts, pools, futures, strict=True):
        try:
            found += future.result()
        except BrokenProcessPool:
            found.append((int((corpus / f"reading-{first}").read_text()), "the process died"))
        pool.shutdown()
        (corpus / f"reading-{first}").unlink(missing_ok=True)
    return found


def _batch(first: int, corpus: Path) -> list[tuple[int, str]]:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGALRM, _too_long)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # libraries print at length what they cannot read
    found = []
    for number in range(first, first + BATCH):
        (corpus / f"reading-{first}").write_text(str(number))
        name, content = mutant(number)
        signal.alarm(SECONDS)
        try:
            read_file(content, name, "UBND-731", _context())
        except Exception as error:
            found.append((number, f"{type(error).__name__}: {str(error)[:100]}"))
        signal.alarm(0)
    return found


def _too_long(_signal: int, _frame: FrameType | None) -> None:
    raise TimeoutError(f"longer than {SECONDS} s")


@lru_cache
def _context() -> ReadingContext:
    plan = read_plan(DEFAULT_PLAN)
    return reading_context(plan, default_catalog().of(plan), date(2020, 12, 31))


@lru_cache
def _seeds() -> tuple[tuple[str, bytes], ...]:
    files = [path for path in sorted(SAMPLE.rglob("*")) if path.is_file() and path.stat().st_size < 60_000]
    return tuple((path.name, path.read_bytes()) for path in files)


def mutant(number: int) -> tuple[str, bytes]:
    """The name and the content of a mutant: a real file, or the parts of an archive, changed a little."""
    chance = Random(number)
    name, content = chance.choice(_seeds())
    if zipfile.is_zipfile(io.BytesIO(content)) and chance.random() < 0.8:
        return name, _within_archive(content, chance)
    return name, _changed(content, chance)


def _within_archive(content: bytes, chance: Random) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    for name in chance.sample(sorted(parts), min(len(parts), chance.choice((1, 1, 2)))):
        parts[name] = _changed(parts[name], chance)
    if chance.random() < 0.05:
        parts.pop(chance.choice(sorted(parts)))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return packed.getvalue()


def _changed(content: bytes, chance: Random) -> bytes:
    """Some bytes flipped, cut, doubled, swapped, or replaced by numbers and words that hurt."""
    changed = bytearray(content)
    for _ in range(chance.choice((1, 2, 4, 8))):
        at = chance.randrange(len(changed) + 1)
        to = min(len(changed), at + chance.choice((1, 4, 16, 200)))
        match chance.randrange(6):
            case 0 if at < len(changed):
                changed[at] ^= 1 << chance.randrange(8)
            case 1:
                del changed[at:to]
            case 2:
                changed[at:at] = changed[at:to] * chance.choice((1, 3, 50))
            case 3:
                changed[at:to] = chance.choice(_WORDS)
            case 4:
                changed[at : at + 1] = chance.choice(_NUMBERS)
            case _:
                other = chance.randrange(len(changed) + 1)
                changed[at:to] = changed[other : other + to - at]
    return bytes(changed)


if __name__ == "__main__":
    sys.exit(main())
