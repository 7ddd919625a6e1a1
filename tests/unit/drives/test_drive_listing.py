"""Listing drives: real folders, and an in-memory filesystem to show that no path need be local."""

import os
import sys
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from drives.listing import DriveError, DriveFile, Listing, list_drive
from drives.names import OUTBOX_FOLDER, skip_reason
from tests.support.processor_time import reference_seconds


def put(root: Path, path: str, content: bytes = b"x") -> Path:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


def paths(listing: Listing) -> list[str]:
    return [file.path for file in listing.files]


@pytest.fixture
def memory() -> Iterator[MemoryFileSystem]:
    filesystem = MemoryFileSystem()
    filesystem.store.clear()  # one store serves all of a process's tests
    yield filesystem
    filesystem.store.clear()
    filesystem.pseudo_dirs[:] = [""]


class TroubledFileSystem(MemoryFileSystem):
    """A server with a folder that nobody may read, and one that is in itself without end."""

    protocol = "troubled"

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return str(MemoryFileSystem._strip_protocol(path.removeprefix("troubled://")))

    def ls(self, path: str, detail: bool = True, **kwargs: object) -> list[dict[str, object]]:
        if path.endswith("locked"):
            raise PermissionError(13, "Permission denied", path)
        if "circle" in path:
            return [{"name": f"{path}/circle", "type": "directory", "size": 0}]
        if path.endswith("odd"):
            return [{"name": f"{path}/..", "type": "directory", "size": 0}]
        entries: list[dict[str, object]] = super().ls(path, detail=detail)
        return entries


@pytest.fixture
def troubled(memory: MemoryFileSystem) -> MemoryFileSystem:
    fsspec.register_implementation("troubled", TroubledFileSystem, clobber=True)
    return memory


def test_a_file_is_described_whole(tmp_path: Path) -> None:
    file = put(tmp_path, "Huyện A/2020/tháng 3/bc 01.xlsx", b"12345")
    os.utime(file, (1_600_000_000.5, 1_600_000_000.5))
    listing = list_drive(str(tmp_path))
    expected = DriveFile(
        url=f"file://{tmp_path}",
        path="Huyện A/2020/tháng 3/bc 01.xlsx",
        body_folder="Huyện A",
        file_name="2020/tháng 3/bc 01.xlsx",
        size=5,
        modified=datetime(2020, 9, 13, 12, 26, 40, 500_000, tzinfo=UTC),
        raw_path=str(file),
        address="",
    )
    assert listing == Listing([expected], [], [])


def test_one_drive_has_one_url_however_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "drive/a/x.xlsx")
    (tmp_path / "link").symlink_to(tmp_path / "drive")
    monkeypatch.chdir(tmp_path)
    spellings = ["drive", "./drive", f"{tmp_path}/drive/", f"file://{tmp_path}/drive", f"{tmp_path}/link"]
    found = [list_drive(spelling).files for spelling in spellings]
    assert all(files == found[0] for files in found)
    assert [(file.url, file.path) for file in found[0]] == [(f"file://{tmp_path}/drive", "a/x.xlsx")]


@pytest.mark.parametrize(
    "name",
    [
        "a b.xlsx",
        'it\'s "1".xlsx',
        "a\nb.xlsx",
        "a..b.xlsx",
        "100%20.xlsx",
        "a::b.xlsx",
        "a#?*[1].xlsx",
        "-x",
    ],
)
def test_odd_names_are_listed_as_they_are(tmp_path: Path, name: str) -> None:
    root = tmp_path / f"drive {name}"
    put(root, f"body {name}/{name}")
    file = list_drive(str(root)).files[0]
    stored = name.replace("\n", r"\u000a")
    assert (file.body_folder, file.file_name) == (f"body {stored}", stored)
    assert Path(file.raw_path).read_bytes() == b"x"


def test_decomposed_names_are_shown_composed_and_stay_reachable(tmp_path: Path) -> None:
    composed = "Sở Tài chính/Báo cáo.xlsx"
    decomposed = unicodedata.normalize("NFD", composed)
    put(tmp_path, composed, b"1")
    put(tmp_path, decomposed, b"22")
    files = list_drive(str(tmp_path)).files
    assert [(file.path, file.body_folder) for file in files] == [(composed, "Sở Tài chính")] * 2
    assert sorted(len(Path(file.raw_path).read_bytes()) for file in files) == [1, 2]


def test_names_that_look_alike_are_stored_as_different_ones(tmp_path: Path) -> None:
    names = [
        "b.xlsx",
        "b\u202e.xlsx",
        "b\x1b[2K.xlsx",
        r"b\u202e.xlsx",
        "b\n.xlsx",
        os.fsdecode(b"b\xe9.xlsx"),
    ]
    for name in names:
        put(tmp_path, f"a/{name}", b"x")
    assert sorted(file.file_name for file in list_drive(str(tmp_path)).files) == sorted(
        [
            "b.xlsx",
            r"b\u202e.xlsx",
            r"b\u001b[2K.xlsx",
            r"b\u005cu202e.xlsx",
            r"b\u000a.xlsx",
            r"b\udce9.xlsx",
        ]
    )


def test_a_name_that_is_no_text_can_still_be_stored(tmp_path: Path) -> None:
    put(tmp_path, os.fsdecode(b"a/b\xe9o.xlsx"))
    listed = list_drive(str(tmp_path)).files[0]
    assert listed.path.encode() == rb"a/b\udce9o.xlsx"
    assert Path(listed.raw_path).read_bytes() == b"x"


@pytest.mark.parametrize(
    "path",
    [
        "a/~$bc.xlsx",
        "a/.~lock.bc.xlsx#",
        "a/.hidden.xlsx",
        "a/.git/x.xlsx",
        ".trash/x.xlsx",
        "__MACOSX/x.xlsx",
        "a/$RECYCLE.BIN/x.xlsx",
        "System Volume Information/x.xlsx",
        "a/@eaDir/x.xlsx",
        "#recycle/x.xlsx",
        "lost+found/x.xlsx",
        f"a/{OUTBOX_FOLDER}/x.xlsx",
        "a/_outbox/x.xlsx",
        "a/Thumbs.db",
        "a/DESKTOP.INI",
        "a/photo.JPG",
        "a/song.mp3",
        "a/film.mov",
        "a/x.xlsx.tmp",
        "a/x.xlsx.crdownload",
        "a/x.xlsx~",
        "a/x.lnk",
        "x.xlsx",
        "a/~$bao cao.xlsx",
        "a/.~lock.bao cao.ods#",
        "a/4F2A1000",
        "a/58461000",
        "a/~WRL0001.tmp",
        "a/._bao cao.xlsx",
        "a/.DS_Store",
        "a/bao cao.xlsx.part",
        "a/bao cao.xlsx.filepart",
        "a/bao cao.xlk",
        "a/~snapshot/hourly.0/x.xlsx",
        "a/.snapshot/x.xlsx",
        "a/#snapshot/x.xlsx",
        "a/@GMT-2020.04.01-05.00.00/x.xlsx",
        "a/@Recycle/x.xlsx",
        "a/@Recently-Snapshot/x.xlsx",
        "a/.Trash-1000/files/x.xlsx",
        "a/.Trashes/x.xlsx",
        "a/.stversions/x.xlsx",
        "a/Previous Versions/x.xlsx",
        "a/.dropbox.cache/x.xlsx",
    ],
)
def test_what_is_no_report_is_skipped_with_a_reason(tmp_path: Path, path: str) -> None:
    put(tmp_path, path)
    put(tmp_path, "b/good.xlsx")
    listing = list_drive(str(tmp_path))
    assert paths(listing) == ["b/good.xlsx"]
    [(skipped, reason)] = listing.skipped
    assert path.startswith(skipped)
    assert reason


@pytest.mark.parametrize(
    "name", ["x.pdf", "x.docx", "x.xlsm", "x.zip", "x.txt", "x", "tmp.xlsx", "x.JPG.csv"]
)
def test_what_may_be_meant_as_a_report_is_listed(tmp_path: Path, name: str) -> None:
    put(tmp_path, f"a/{name}")
    assert list_drive(str(tmp_path)).files[0].file_name == name


def test_only_a_folder_is_an_outbox() -> None:
    assert skip_reason(OUTBOX_FOLDER.upper(), is_folder=True)
    assert skip_reason("#recycle", is_folder=False) is None
    assert skip_reason("scans.jpg", is_folder=True) is None


def test_an_empty_file_waits(tmp_path: Path) -> None:
    put(tmp_path, "a/x.xlsx", b"")
    listing = list_drive(str(tmp_path))
    assert (listing.files, listing.skipped) == ([], [("a/x.xlsx", "empty: still being written")])


def test_links_are_not_followed(tmp_path: Path) -> None:
    put(tmp_path, "outside/secret.xlsx")
    put(tmp_path, "drive/a/x.xlsx")
    body = tmp_path / "drive" / "b"
    body.mkdir()
    (body / "file").symlink_to(tmp_path / "outside/secret.xlsx")
    (body / "folder").symlink_to(tmp_path / "outside")
    (body / "circle").symlink_to(body)
    (body / "inside").symlink_to(tmp_path / "drive/a/x.xlsx")
    (body / "dangling").symlink_to(tmp_path / "nothing")
    (tmp_path / "drive" / "body").symlink_to(tmp_path / "outside")
    listing = list_drive(str(tmp_path / "drive"))
    assert paths(listing) == ["a/x.xlsx"]
    names = ["b/circle", "b/dangling", "b/file", "b/folder", "b/inside", "body"]
    assert [path for path, _ in listing.skipped] == names
    assert all(reason.startswith("link") for _, reason in listing.skipped)


def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    put(tmp_path, "a/x.xlsx")
    os.mkfifo(tmp_path / "a" / "pipe.xlsx")
    listing = list_drive(str(tmp_path))
    assert listing.skipped == [("a/pipe.xlsx", "neither a file nor a folder")]


def test_a_drive_need_not_be_local(memory: MemoryFileSystem) -> None:
    memory.pipe({"/share/root/Xã B/sub/x.xlsx": b"123", "/share/root/y.xlsx": b"1", "/other/a/z.xlsx": b"1"})
    listing = list_drive("memory://share/root/")
    [file] = listing.files
    assert (file.url, file.path, file.size) == ("memory://share/root", "Xã B/sub/x.xlsx", 3)
    assert file.modified is None
    assert memory.cat_file(file.raw_path) == b"123"
    assert listing.skipped == [("y.xlsx", "lies in no body's folder")]
    assert [file.path for file in list_drive("memory://").files] == [
        "other/a/z.xlsx",
        "share/root/Xã B/sub/x.xlsx",
        "share/root/y.xlsx",
    ]


def test_one_unreadable_folder_leaves_the_others(troubled: MemoryFileSystem) -> None:
    troubled.pipe({f"/d/{body}/x.xlsx": b"x" for body in ("a", "c")})
    troubled.pipe("/d/a/locked/y.xlsx", b"x")
    listing = list_drive("troubled://d")
    assert paths(listing) == ["a/x.xlsx", "c/x.xlsx"]
    assert listing.problems == ["The folder a/locked/ cannot be read: permission denied."]


def test_an_unreadable_root_is_an_error(troubled: MemoryFileSystem) -> None:
    with pytest.raises(DriveError, match="troubled://server/locked cannot be read") as caught:
        list_drive("troubled://user:secret@server/locked")
    assert caught.value.__suppress_context__  # the protocol's own text might hold the password


def test_a_server_cannot_lead_us_in_circles_or_upwards(troubled: MemoryFileSystem) -> None:
    troubled.pipe({"/d/circle/x.xlsx": b"x", "/d/odd/x.xlsx": b"x", "/d/a/x.xlsx": b"x"})
    listing = list_drive("troubled://d")
    assert paths(listing) == ["a/x.xlsx"]
    assert listing.skipped == [("odd/../", "hidden")]
    [problem] = listing.problems
    assert "20 folders deep" in problem


@pytest.mark.parametrize("url", ["{}/missing", "file://{}/missing", "{}/file.xlsx", "nonsense://{}"])
def test_a_missing_root_is_an_error_that_names_it(tmp_path: Path, url: str) -> None:
    put(tmp_path, "file.xlsx")
    url = url.format(tmp_path)
    with pytest.raises(DriveError) as caught:
        list_drive(url)
    assert url in str(caught.value)
    assert "check that" in str(caught.value)


def test_ten_thousand_files_take_well_under_a_second(tmp_path: Path) -> None:
    seed = put(tmp_path, "seed", b"x")
    for body in range(100):
        folder = tmp_path / "drive" / f"body {body:03}"
        folder.mkdir(parents=True)
        for number in range(100):
            (folder / f"{number}.xlsx").hardlink_to(seed)

    def read() -> None:
        assert len(list_drive(str(tmp_path / "drive")).files) == 10_000

    # Where coverage traces each line, that is what takes time.
    assert reference_seconds(read, 1) < 1 or sys.gettrace() is not None


@pytest.mark.parametrize(
    "name", ["20200415", "15042020", "baocao01.xlsx", "Recycle bin.xlsx", "snapshot.xlsx"]
)
def test_a_name_that_only_resembles_a_leftover_is_listed(tmp_path: Path, name: str) -> None:
    put(tmp_path, f"a/{name}")
    assert paths(list_drive(str(tmp_path))) == [f"a/{name}"]


@pytest.mark.parametrize(
    "copy",
    [
        "bao cao (conflicted copy 2020-04-15).xlsx",
        "bao cao (An's conflicted copy 2020-04-15).xlsx",
        "bao cao-DESKTOP-7QH2 (conflicted copy 2020-04-15).xlsx",
        "bao cao (Bản sao xung đột của An 2020-04-15).xlsx",
        "bao cao.sync-conflict-20200415-080000-ABCDEFG.xlsx",
        "bao cao_conflict-20200415-080000.xlsx",
        "Bao cao [Conflict].xlsx",
        "bao cao-DESKTOP-4F7K2Q1.xlsx",
        "bao cao.Conflict.xlsx",
        "bao cao_MAY-PC_Apr-05-1010-2020_Conflict.xlsx",
    ],
)
def test_a_conflict_copy_beside_its_original_is_skipped_and_noted(tmp_path: Path, copy: str) -> None:
    put(tmp_path, "a/bao cao.xlsx")
    put(tmp_path, f"a/{copy}")
    put(tmp_path, f"b/{copy}")
    listing = list_drive(str(tmp_path))
    assert [(f.path, f.conflict_copies) for f in listing.files] == [
        ("a/bao cao.xlsx", (copy,)),
        (f"b/{copy}", ()),
    ]
    assert listing.skipped == [(f"a/{copy}", "conflict copy that a sync program made of bao cao.xlsx")]


@pytest.mark.parametrize(
    "copy",
    [
        "~bao cao.xlsx",
        "bao cao(AutoRecovered).xlsx",
        "Backup of bao cao.xlsx",
        "bao cao (Tự động khôi phục).xlsx",
    ],
)
def test_a_copy_that_an_office_program_kept_is_skipped_beside_its_original(tmp_path: Path, copy: str) -> None:
    put(tmp_path, "a/bao cao.xlsx")
    put(tmp_path, f"a/{copy}")
    put(tmp_path, f"b/{copy}")
    listing = list_drive(str(tmp_path))
    assert [f.path for f in listing.files] == ["a/bao cao.xlsx", f"b/{copy}"]
    assert listing.skipped == [(f"a/{copy}", "copy that a program kept of bao cao.xlsx")]


def test_an_ordinary_copy_is_no_conflict_copy(tmp_path: Path) -> None:
    names = ("bao cao (2).xlsx", "bao cao - Copy.xlsx", "Copy of bao cao.xlsx", "bao cao-PC06.xlsx")
    for name in ("bao cao.xlsx", *names):
        put(tmp_path, f"a/{name}")
    assert len(list_drive(str(tmp_path)).files) == 5
