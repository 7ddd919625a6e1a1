"""Great Expectations' own pages, stripped of everything that needs a network, so they open from a folder."""

import re

from lxml import etree, html

_GONE = (
    "script",
    "link",
    "img",
    "iframe",
    "object",
    "embed",
    "form",
    "input",
    "base",
    "meta",
    "style",
    "nav",
)
# Text from files may be part of the page: browsers load nothing but our style sheet.
_BLANKS = re.compile(r"\s{2,}")
_USELESS = ("on", "data-", "style", "class", "aria-")  # without the scripts and style sheets of the original
_POLICY = "default-src 'none'; style-src 'self' file:; font-src 'self' file:"


def offline(page: str, title: str, up: str, foot: str) -> bytes:
    """Return the page without scripts and remote files, in our style, with a footer.

    `up` is the relative path to the site's root.
    """
    document = html.document_fromstring(page)
    _strip(document)
    for table in list(document.iter("table")):
        around = etree.Element("div", {"class": "wide", "tabindex": "0"})
        table.addprevious(around)
        around.append(table)
    head = document.find("head")
    if head is None:
        head = etree.SubElement(document, "head")
        document.insert(0, head)
    for child in list(head):
        head.remove(child)
    etree.SubElement(head, "meta", charset="utf-8")
    etree.SubElement(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
    etree.SubElement(head, "meta", {"http-equiv": "Content-Security-Policy", "content": _POLICY})
    etree.SubElement(head, "title").text = title
    etree.SubElement(head, "link", rel="stylesheet", href=f"{up}style.css")
    document.set("lang", "en")
    back = etree.Element("p")
    etree.SubElement(back, "a", href=f"{up}checks.html").text = "← checks.html"
    body = document.find("body")
    if body is not None:
        body.set("class", "docs")
        body.insert(0, back)
        etree.SubElement(body, "footer").text = foot
    content: bytes = etree.tostring(document, method="html", encoding="utf-8", doctype="<!doctype html>")
    return content


def _strip(document: html.HtmlElement) -> None:
    """Remove scripts, comments, links that leave the page, and what only scripts use."""
    for element in list(document.iter(*_GONE, etree.Comment)):
        element.drop_tree()
    for element in document.iter(etree.Element):
        for name in list(element.attrib):
            escapes_root = name in ("href", "src") and not element.attrib[name].startswith("#")
            if escapes_root or name.startswith(_USELESS):
                del element.attrib[name]
    linked = {link[1:] for link in document.xpath("//@href") if link.startswith("#")}
    for element in document.iter(etree.Element):
        if element.attrib.get("id") not in linked:
            element.attrib.pop("id", None)
        if element.text and element.tag != "pre":
            element.text = _BLANKS.sub(" ", element.text)
        if element.tail:
            element.tail = _BLANKS.sub(" ", element.tail)
