"""The search index: a script per language with title, kind and address of the pages."""

import json
from collections.abc import Iterator

from publishing.i18n import LANGUAGES, Language, file_part, labels
from publishing.site.page_writer import Pages
from publishing.site.site_data import SiteData
from transforms.text.sentences import in_sentence

Entry = tuple[str, str, str]


def write_search_index(pages: Pages, data: SiteData) -> None:
    """Write the index of each language beside its pages.

    It is a script and not a JSON file because pages opened from a folder may not fetch files.
    """
    for language in LANGUAGES:
        entries = list(_entries(pages, data, language))
        # "<" is escaped so that text from files can never end a script or start a tag.
        content = json.dumps(entries, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
        name = "search-index.js" if language == "vi" else f"{language}/search-index.js"
        pages.site.put(name, f"window.searchIndex={content};\n".encode())


def _entries(pages: Pages, data: SiteData, language: Language) -> Iterator[Entry]:
    words, index = labels(language), LANGUAGES.index(language)
    plan = data.plan
    for target in plan.targets:
        title = (target.label_vi, target.label_en or target.label_vi)[index]
        yield f"{target.code}. {title}", words["target"], f"target-{target.code}.html"
    for code in data.known_bodies:
        yield in_sentence(plan.bodies_by_code[code].name), words["body"], f"body-{code}.html"
    owed = {obligation.form for obligation in plan.obligations}
    for form in data.forms.forms:
        if form.code in owed:
            yield (
                f"{form.code} {data.form_title(form.code)[index]}",
                words["form"],
                f"form-{file_part(form.code)}.html",
            )
    for period in data.periods:
        yield (period.name_vi, period.name_en)[index], words["period"], f"period-{period.code}.html"
    for s in data.submissions:
        body = in_sentence(s["body_name"] or s["body_code"])
        what = f"{s['form_code'] or '?'} {(s['name_vi'], s['name_en'])[index] or ''}"
        yield (
            f"{what}, {body}",
            f"{words['submission']} {s['submission_id']}",
            pages.submission_place(language, s["submission_id"]),
        )
