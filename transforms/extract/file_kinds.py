"""Recognise by its first bytes what a file is; the name decides only between kinds of text."""

import re
from collections.abc import Mapping

from transforms.extract.file_safety import UnreadableFile
from transforms.extract.ole_file import OLE2_SIGNATURE, stream_names

_SIGNATURES = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"II*\0", "picture"),
    (b"MM\0*", "picture"),
    (b"BM", "picture"),
    (b"{\\rtf", "word"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ", "archive"),
    (b"\0\1\0\0Standard ", "database"),
    (b"SQLite format 3", "database"),
    (b"\x09\x00\x04\x00", "old_excel"),
    (b"\x09\x02\x06\x00", "old_excel"),
    (b"\x09\x04\x06\x00", "old_excel"),
    (b"\0\0\x02\0\x06\x04", "old_excel"),
    (b"ID;P", "other_table"),
    (b"TABLE\r\n0,1", "other_table"),
    (b"TABLE\n0,1", "other_table"),
    (b"UEsDB", "damaged"),  # a workbook as a mail carries it, in letters (base64)
    (b"0M8R4KGx", "damaged"),
    (b"MZ", "not_a_table"),
    (b"L\0\0\0\x01\x14\x02\0", "shortcut"),
    (b"[InternetShortcut]", "shortcut"),
    (b"[{000214A0-", "shortcut"),
)
_OLE_KINDS = (
    ("EncryptedPackage", "encrypted"),
    ("WordDocument", "word_97"),
    ("PowerPoint Document", "slides"),
    ("__properties_version1.0", "mail"),
    ("__nameid_version1.0", "mail"),
)
_ZIP_KINDS = (
    ("ppt/presentation.xml", "slides"),
    ("index/document.iwa", "numbers"),
    ("index.zip", "numbers"),
    ("fixeddocseq.fdseq", "pdf"),
    ("[content_types].xml", "not_a_table"),
)
_MAIL_HEADER = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:(?:From|To|Subject|Date|Received|Return-Path|Message-ID|MIME-Version|Delivered-To"
    rb"|Content-Type|Reply-To|Thread-Topic|X-[A-Za-z-]+|From )[:-].*\r?\n(?:[ \t].*\r?\n)*){2}",
    re.IGNORECASE,
)
_GOOGLE_LINK = re.compile(rb'\s*\{[^{}]{0,4000}(?:"doc_id"|"url"\s*:\s*"https://(?:docs|drive)\.google\.)')
_LINK_SUFFIXES = ("gsheet", "gdoc", "gslides", "glink", "gtable")
_KIND_OF_SUFFIX = {
    "pdf": "pdf",
    "eml": "mail",
    "msg": "mail",
    "doc": "word_97",
    "rtf": "word",
    "odt": "word",
    "zip": "archive",
    "rar": "archive",
    "7z": "archive",
    "mdb": "database",
    "accdb": "database",
    "dbf": "database",
    "ppt": "slides",
    "pptx": "slides",
    "numbers": "numbers",
    "webloc": "shortcut",
    "desktop": "shortcut",
}


def foreign_kind(content: bytes, file_name: str) -> str | None:
    """Return the kind of a file that holds no table to read, None for one that may; archives apart.

    The kinds are the keys of `transforms.file_advice.ADVICE`.
    """
    if not content:
        return "empty"
    if not content.strip(b"\0"):
        return "damaged"  # the space of a file whose content a program was still to copy
    suffix = suffix_of(file_name)
    if content.startswith(OLE2_SIGNATURE):
        return _ole_kind(content)
    if suffix in _LINK_SUFFIXES or _GOOGLE_LINK.match(content[:5000]):
        return "link"
    kind = next((kind for signature, kind in _SIGNATURES if content.startswith(signature)), None)
    if kind == "picture" and content.startswith(b"BM") and b"\0" not in content[:64]:
        kind = None  # text that starts with "BM"
    if kind:
        return kind
    if b"%PDF-" in content[:1024]:
        return "pdf"
    if content[4:8] == b"ftyp" or (content.startswith(b"RIFF") and content[8:12] == b"WEBP"):
        return "picture"
    if content[257:262] == b"ustar":
        return "archive"
    return "mail" if _MAIL_HEADER.match(content[:20_000]) else None


def suffix_of(file_name: str) -> str:
    """Return the ending of a file name in small letters, without its dot."""
    return file_name.rpartition(".")[2].lower()


def named_kind(file_name: str) -> str:
    """Return the kind that a file's ending names, where its bytes name none."""
    return _KIND_OF_SUFFIX.get(suffix_of(file_name), "not_a_table")


def _ole_kind(content: bytes) -> str | None:
    try:
        names = stream_names(content)
    except UnreadableFile:
        if "EncryptedPackage".encode("utf-16-le") in content:
            return "encrypted"
        raise
    if "workbook" in names or "book" in names:
        return None
    return next((kind for name, kind in _OLE_KINDS if name.lower() in names), "not_a_table")


def zip_kind(entries: Mapping[str, object], mimetype: bytes) -> str:
    """Return the kind of an archive that is no workbook and no document."""
    if mimetype.startswith(b"application/vnd.oasis.opendocument."):
        return "other_table" if b"chart" in mimetype or b"formula" in mimetype else "word"
    return next((kind for name, kind in _ZIP_KINDS if name in entries), "archive")
