"""Flat OpenDocument spreadsheets (.fods): one XML file with all that the parts of an .ods archive hold."""

import io
import re
import zipfile

from transforms.extract.file_safety import UnreadableFile
from transforms.extract.part_recoding import needs_recoding, recoded_part
from transforms.extract.xml_elements import elements

_MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
_HEAD = 20_000  # characters in which the first element ends
_ROOT = re.compile(r"<office:document\s[^<>]*" + re.escape(_MIMETYPE))
_MACRO = b":module"
_BETWEEN_TAGS = re.compile(rb">(\s+)<")


def is_flat_ods(text: str) -> bool:
    """Whether an XML file is a flat OpenDocument spreadsheet."""
    return _ROOT.search(text, 0, _HEAD) is not None


def packed(content: bytes) -> bytes:
    """Return the file as an .ods archive. Raises UnreadableFile."""
    if needs_recoding(content):
        content = recoded_part(content)
    if any(_MACRO in scripts for _, scripts in elements(content, "scripts")):
        raise UnreadableFile("FILE-MACRO", "macro")
    _, meta = next(elements(content, "meta"), (b"", b""))
    parts = {
        "mimetype": _MIMETYPE.encode(),
        "META-INF/manifest.xml": b"<manifest:manifest/>",
        "meta.xml": b"<meta>%b</meta>" % meta,
        "content.xml": without_indentation(content),
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return made.getvalue()


def without_indentation(content: bytes) -> bytes:
    """Return an XML part without the line breaks and spaces between its tags."""
    return _BETWEEN_TAGS.sub(_without_lines, content)


def _without_lines(space: re.Match[bytes]) -> bytes:
    """Leave out the indentation of tags, which calamine does not expect; a blank between words stays."""
    return b"><" if b"\n" in space[1] else space[0]
