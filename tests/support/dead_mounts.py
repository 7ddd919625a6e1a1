"""A mounted file system whose server never answers, as a network folder whose server is gone."""

import ctypes
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_INIT = 26  # the kernel's first request
_VERSION = struct.pack("<II", 7, 31)
_DETACH = 2


@contextmanager
def dead_mount(folder: Path) -> Iterator[None]:
    """Mount a file system on the folder: each call that enters it hangs until the end of the block.

    Skips the test where only root may mount, or the kernel has no FUSE.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    try:
        device = os.open("/dev/fuse", os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        pytest.skip("the kernel has no FUSE")
    try:
        options = f"fd={device},rootmode=40000,user_id=0,group_id=0,allow_other"
        if libc.mount(b"dead", os.fsencode(folder), b"fuse.dead", 0, options.encode()):
            pytest.skip("only root may mount")
        request = os.read(device, 2**17)
        operation, number = struct.unpack_from("<IQ", request, 4)
        assert operation == _INIT
        answer = _VERSION.ljust(64, b"\0")
        os.write(device, struct.pack("<IiQ", 16 + len(answer), 0, number) + answer)
        yield
    finally:
        os.close(device)  # what hangs fails now
        libc.umount2(os.fsencode(folder), _DETACH)
