"""Where a sample of a profile counts."""

from benchmarks.profile import parts_of

SAMPLES = """\
process 1:"python";main (cli/main.py:9);read_rows (transforms/layout/rows/table_rows.py:70);sub (re.py:3) 30
process 1:"python";main (cli/main.py:9);<module> (schemas/pandera_schema.py:3);exec (<frozen importlib>:9) 50
process 1:"python";main (cli/main.py:9);store (drives/archive.py:9);_write (drives/archive.py:80) 20
process 1:"python";run (threading.py:9);_worker (concurrent/futures/thread.py:83) 70
process 1:"python";run (somewhere.py:9) 10
"""


def test_a_sample_counts_for_the_deepest_frame_with_a_known_part() -> None:
    assert parts_of(SAMPLES) == {
        "rows and cells": 0.3,
        "importing modules": 0.5,
        "the disk, until what is archived is safe": 0.2,
        "waiting": 0.7,
        "starting, the rest": 0.1,
    }
