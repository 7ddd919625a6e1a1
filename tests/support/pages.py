"""Published pages as a test reads them: links, identifiers and tags."""

from html.parser import HTMLParser
from pathlib import Path


class Page(HTMLParser):
    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.tags: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.append(tag)
        self.links += [str(values[name]) for name in ("href", "src") if values.get(name)]
        self.ids += [str(values["id"])] if values.get("id") else []


def broken_links(out: Path) -> list[tuple[str, str]]:
    """The links of a site that lead nowhere or out of it: page and link."""
    pages = {path.relative_to(out).as_posix(): Page(path) for path in out.rglob("*.html")}
    broken = []
    for name, page in pages.items():
        for link in page.links:
            file, _, anchor = link.partition("#")
            at = ((out / name).parent / file).resolve() if file else out / name
            found = at.is_file() and not link.startswith(("http", "/", "file"))
            if not found or (anchor and anchor not in pages[at.relative_to(out).as_posix()].ids):
                broken.append((name, link))
    return broken
