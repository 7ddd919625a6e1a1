"""Great Expectations' own pages, made to open from a folder: as they come they want a network."""

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
# Whatever a cell may have brought into the page, a browser loads and runs nothing but our style sheet.
_POLICY = "default-src 'none'; style-src 'self' file:"


def offline(page: str, title: str, up: str, foot: str) -> bytes:
    """The page without anything that is fetched or run, in our own style, with a line at its foot.

    `up` leads to the site's root.
    """
    document = html.document_fromstring(page)
    for element in list(document.iter(*_GONE, etree.Comment)):
        element.drop_tree()
    for element in document.iter(etree.Element):
        for name in list(element.attrib):
            escapes_root = name in ("href", "src") and not element.attrib[name].startswith("#")
            if escapes_root or name.startswith(("on", "data-", "style")):
                del element.attrib[name]
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
        body.insert(0, back)
        etree.SubElement(body, "footer").text = foot
    content: bytes = etree.tostring(document, method="html", encoding="utf-8", doctype="<!doctype html>")
    return content
