"""The processor time of a server process: other programs share the processors, so a clock measures them too."""

import os
from pathlib import Path

CAN_BE_MEASURED = Path("/proc/self/stat").exists()


def processor_milliseconds(process: int) -> int:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 // os.sysconf("SC_CLK_TCK")
