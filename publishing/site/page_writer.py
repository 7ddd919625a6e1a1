"""Write pages in both languages, each with a link to the other, the chain's head at its foot."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from hashlib import sha256
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from plans.model import Plan
from publishing.i18n import LANGUAGES, Language, format_number, labels
from publishing.site.folder import SiteFolder

Pair = tuple[str, str]  # in Vietnamese and in English
_SIGNS = {"on_time": "✔", "late": "◷", "missing": "✘", "rejected": "⚠", "not_due": "○", "waived": "–"}
_HEAD, _MADE_AT = "@@chain-head@@", "@@made-at@@"


@dataclass
class Pages:
    """The pages of a plan: `head` of the chain in hex, `made_at` the moment as it is shown.

    `has_checks`: whether there is a page of the checkpoint to lead to.
    """

    site: SiteFolder
    plan: Plan
    head: str
    made_at: str
    has_checks: bool = False

    def write(self, name: str, template: str, titles: Pair, values: Mapping[str, Any]) -> None:
        """Write a page in both languages where it reads otherwise than the last time."""
        for language, title in zip(LANGUAGES, titles, strict=True):
            page = self._render(language, name, template, title, values)
            self.site.write(_place(language, name), _digest(page), partial(self._signed, page))

    def write_once(
        self, name: str, template: str, titles: Pair, values: Callable[[], Mapping[str, Any]], key: object
    ) -> None:
        """Write a page in both languages where its key is another than the last time.

        The key says what the page is made from; only then are the values asked for.
        """
        known = cache(values)
        for language, title in zip(LANGUAGES, titles, strict=True):
            made_from = _digest(repr((_declared(), title, self.plan.title, self.has_checks, key)))
            make = partial(self._made, language, name, template, title, known)
            self.site.write(_place(language, name), made_from, make)

    def _made(
        self,
        language: Language,
        name: str,
        template: str,
        title: str,
        values: Callable[[], Mapping[str, Any]],
    ) -> bytes:
        return self._signed(self._render(language, name, template, title, values()))

    def _render(
        self, language: Language, name: str, template: str, title: str, values: Mapping[str, Any]
    ) -> str:
        own = {
            "title": title,
            "page": name,
            "plan": self.plan,
            "head": _HEAD,
            "made_at": _MADE_AT,
            "has_checks": self.has_checks,
        }
        return _environment(language).get_template(template).render({**own, **values})

    def _signed(self, page: str) -> bytes:
        return page.replace(_HEAD, self.head).replace(_MADE_AT, self.made_at).encode()


def _place(language: Language, name: str) -> str:
    return name if language == "vi" else f"{language}/{name}"


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


@cache
def _declared() -> str:
    """A digest of all that pages are made with: another template makes all of them anew."""
    templates = sorted(files("publishing.site").joinpath("pages").iterdir(), key=lambda entry: entry.name)
    return _digest(
        "".join(t.read_text("utf-8") for t in templates) + repr([labels(name) for name in LANGUAGES])
    )


@cache
def _environment(language: Language) -> Environment:
    environment = Environment(
        loader=PackageLoader("publishing.site", "pages"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    say, place = labels(language), LANGUAGES.index(language)
    environment.globals |= {
        "say": say,
        "language": language,
        "other": LANGUAGES[1 - place],
        "up": "" if language == "vi" else "../",
    }
    environment.filters |= {
        "label": lambda word: say.get(word, word),
        "here": lambda pair: pair[place],
        "sign": lambda status: _SIGNS.get(status, ""),
        "day": lambda moment: f"{moment:%d/%m/%Y}",
        "figure": lambda value: "–" if value is None else format_number(value, 1, language),
    }
    return environment
