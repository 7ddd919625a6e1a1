"""Render pages in both languages, with navigation, a link to the other language and the chain's head."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from plans.model import Plan
from plans.reporting_calendar import period_from_code
from publishing.i18n import (
    LANGUAGES,
    PERCENT,
    Language,
    Pair,
    area_in_sentence,
    file_part,
    format_number,
    labels,
)
from publishing.site.audiences import EVERYTHING, Audience
from publishing.site.folder import SiteFolder
from publishing.site.site_data import period_names
from transforms.text.sentences import in_sentence

Crumbs = Sequence[tuple[str, Pair]]  # address and title of each page above
_SCRIPT_LABELS = ("filter_table", "sort_by", "search", "search_results", "search_none")
# HTML does not need them; text from files has no tags, as it is escaped.
_OPTIONAL_END_TAGS = ("</td>", "</th>", "</tr>", "</li>", "</tbody>")
_MOST_DIGITS = 6
_HEAD, _MADE_AT = "@@chain-head@@", "@@made-at@@"
_TONES = {
    "met": "good",
    "on_track": "good",
    "on_time": "good",
    "accepted": "good",
    "gone": "good",
    "behind": "warn",
    "late": "warn",
    "accepted_with_warnings": "warn",
    "warning": "warn",
    "explained": "warn",
    "missed": "bad",
    "not_met": "bad",
    "missing": "bad",
    "rejected": "bad",
    "error": "bad",
    "critical": "bad",
    "undecided": "open",
    "open": "open",
}
_ICONS = {
    "met": "✔",
    "on_track": "→",
    "on_time": "✔",
    "accepted": "✔",
    "gone": "✔",
    "behind": "↘",
    "late": "◷",
    "accepted_with_warnings": "▲",
    "warning": "▲",
    "missed": "✘",
    "not_met": "✘",
    "missing": "✘",
    "rejected": "↩",
    "error": "✘",
    "critical": "✘",
    "undecided": "?",
    "open": "?",
    "not_due": "○",
}


@dataclass
class Pages:
    """Writer of a plan's pages: `head` of the chain in hex, `made_at` the time as shown.

    `has_checks`: whether there is a page of checks to link to. `overviews`: the page that lists each
    submission, which describes it in English.
    """

    site: SiteFolder
    plan: Plan
    head: str
    made_at: str
    has_checks: bool = False
    overviews: Mapping[int, str] = field(default_factory=dict)
    audience: Audience = EVERYTHING

    def write(
        self, name: str, template: str, titles: Pair, values: Mapping[str, object], crumbs: Crumbs = ()
    ) -> None:
        """Write a page in both languages if its content has changed."""
        for language, title in zip(LANGUAGES, titles, strict=True):
            page = self._render(language, name, template, title, values, crumbs)
            self.site.write(page_place(language, name), _digest(page), partial(self._signed, page))

    def write_once(
        self,
        name: str,
        template: str,
        titles: Pair,
        values: Callable[[], Mapping[str, object]],
        key: object,
        crumbs: Crumbs = (),
        languages: Sequence[Language] = LANGUAGES,
    ) -> None:
        """Write a page in its languages if its key has changed; only then compute its values.

        `key` represents everything that the page is made from.
        """
        cached_values = cache(values)

        def make(language: Language, title: str) -> bytes:
            return self._signed(self._render(language, name, template, title, cached_values(), crumbs))

        for language in languages:
            title = titles[LANGUAGES.index(language)]
            digest = _digest(
                repr((page_sources(), title, self.plan.title, self.has_checks, self.audience, key))
            )
            self.site.write(page_place(language, name), digest, partial(make, language, title))

    def submission_place(self, language: Language, number: int) -> str:
        """Return the address of a submission: a page in Vietnamese, a part of its body's page in English.

        Empty for one of another plan, as in the figures of the year before.
        """
        if number not in self.overviews:
            return ""
        return f"submission-{number}.html" if language == "vi" else f"{self.overviews[number]}#s{number}"

    def _period_name(self, index: int, code: str) -> str:
        """Return the name of a period by its code, for use in a sentence."""
        return period_names(period_from_code(code, self.plan.calendar))[index]

    def _render(
        self,
        language: Language,
        name: str,
        template: str,
        title: str,
        values: Mapping[str, object],
        crumbs: Crumbs,
    ) -> str:
        frame = {
            "title": title,
            "page": name,
            "plan": self.plan,
            "head": _HEAD,
            "made_at": _MADE_AT,
            "has_checks": self.has_checks,
            "crumbs": crumbs,
            "audience": self.audience,
            "period_name": partial(self._period_name, LANGUAGES.index(language)),
            "submission_page": partial(self.submission_place, language),
        }
        page = _environment(language).get_template(template).render({**frame, **values})
        for tag in _OPTIONAL_END_TAGS:
            page = page.replace(tag, "")
        return page

    def _signed(self, page: str) -> bytes:
        return page.replace(_HEAD, self.head).replace(_MADE_AT, self.made_at).encode()


def put_style(site: SiteFolder) -> None:
    """Write the style sheet with the fonts that it names, and their licence."""
    source = files("publishing.site")
    site.put("style.css", source.joinpath("style.css").read_bytes())
    for font in sorted(source.joinpath("fonts").iterdir(), key=lambda entry: entry.name):
        site.put(f"fonts/{font.name}", font.read_bytes())


def site_script() -> bytes:
    """Return the script of the pages with its labels."""
    texts = {language: {key: labels(language)[key] for key in _SCRIPT_LABELS} for language in LANGUAGES}
    script = files("publishing.site").joinpath("site.js").read_text("utf-8")
    return script.replace(
        "const allLabels = {};", f"const allLabels = {json.dumps(texts, ensure_ascii=False)};"
    ).encode()


def render_front_page(plans: Sequence[Plan]) -> bytes:
    """Return the page that leads to the sites of several plans."""
    return _environment(LANGUAGES[0]).get_template("front.html").render(plans=plans).encode()


def page_place(language: Language, name: str) -> str:
    """Return the place of a page in a language."""
    return name if language == "vi" else f"{language}/{name}"


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


@cache
def page_sources() -> str:
    """Return a digest of templates and labels: if one changes, all pages are written again."""
    templates = sorted(files("publishing.site").joinpath("pages").iterdir(), key=lambda entry: entry.name)
    return _digest("".join(t.read_text("utf-8") for t in templates) + repr([labels(n) for n in LANGUAGES]))


def tone(status: str) -> str:
    """Return the tone (good, warn, bad, open, idle) in which a status is coloured."""
    return _TONES.get(status, "idle")


@cache
def _environment(language: Language) -> Environment:
    environment = Environment(
        loader=PackageLoader("publishing.site", "pages"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    words, index = labels(language), LANGUAGES.index(language)
    environment.globals |= {
        "percent": PERCENT,
        "labels": words,
        "language": language,
        "other": LANGUAGES[1 - index],
        "up": "" if language == "vi" else "../",
    }
    environment.filters |= {
        "file_part": file_part,
        "label": lambda key: words.get(key, key),
        "here": lambda pair: pair[index],
        "tone": tone,
        "icon": lambda status: _ICONS.get(status, "–"),
        "sentence": in_sentence,
        "area": area_in_sentence,
        "capital": lambda text: text[:1].upper() + text[1:],
        "day": lambda moment: f"{moment:%d/%m/%Y}" if moment else "–",
        "minute": lambda moment: f"{moment:%d/%m/%Y %H:%M}" if moment else "–",
        "figure": lambda value: "–" if value is None else format_number(value, 1, language),
        "fill": _fill,
        "with_unit": partial(_with_unit, language),
        "difference": partial(_difference, language),
        "px": lambda value: f"{value:.1f}".removesuffix(".0"),
    }
    return environment


def _fill(pattern: str, *values: object) -> str:
    """Replace each %s of a label in turn; other percent signs stay."""
    first, *rest = pattern.split("%s")
    return first + "".join(f"{value}{text}" for value, text in zip(values, rest, strict=True))


def _with_unit(language: Language, value: float | None, unit: Pair) -> str:
    """Format a figure with its unit; percent signs follow without a space."""
    if value is None:
        return "–"
    return _labelled(format_number(value, 1, language), unit[LANGUAGES.index(language)])


def _difference(language: Language, value: float, unit: Pair) -> str:
    """Format a difference that is not zero with its sign, and with as many decimals as it takes to see it."""
    digits = next((n for n in range(1, _MOST_DIGITS) if round(abs(value), n)), _MOST_DIGITS)
    sign = "+" if value > 0 else "−"
    return _labelled(f"{sign}{format_number(abs(value), digits, language)}", unit[LANGUAGES.index(language)])


def _labelled(number: str, label: str) -> str:
    return f"{number}%" if label == "%" else f"{number} {label}"
