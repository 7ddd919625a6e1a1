"""The names of administrative levels in texts, as the plan declares them."""

from plans.model import Plan
from publishing.i18n import Pair
from transforms.text.sentences import in_sentence


def level_label(plan: Plan, key: str) -> Pair:
    """Return the name of a level in a sentence: "cấp xã", "communes"; an unknown key as it is."""
    level = plan.levels_by_key.get(key)
    return (level.label_vi, level.label_en) if level else (key, key)


def by_level(plan: Plan, key: str) -> Pair:
    """Return a heading over the areas of a level: "Theo xã, phường", "By commune"."""
    level = plan.levels_by_key[key]
    heading_vi, heading_en = level.heading_vi, level.heading_en or level.label_en
    return f"Theo {heading_vi[:1].lower()}{heading_vi[1:]}", f"By {heading_en[:1].lower()}{heading_en[1:]}"


def body_words(plan: Plan, name: str) -> Pair:
    """Return a body of an obligation or a term in a sentence: its name, or that of the level."""
    if name in plan.bodies_by_code:
        text = in_sentence(plan.bodies_by_code[name].name)
        return text, text
    return level_label(plan, name)
