"""The chart of a target: what was reached by each period, what was expected by then, what to reach."""

from collections.abc import Mapping, Sequence
from typing import Any

from publishing.i18n import Language, labels

_WIDTH, _HEIGHT = 620, 260
_COLOURS = ("#0a58ca", "#7d4e00", "#b42318")
_DASHES = ([1, 0], [6, 4], [2, 2])


def target_chart(rows: Sequence[Mapping[str, Any]], unit: str, language: Language) -> bytes:
    """A line chart as SVG, from rows of the target table of one target and area, in order of time.

    Drawn here, without network; the text in it is escaped by the renderer.
    """
    import altair  # a second with its renderer: only where a chart is drawn
    import vl_convert

    say = labels(language)
    series = (
        ("value", say["figure"]),
        ("expected_value", say["expected"]),
        ("target_value", say["to_reach"]),
    )
    points = [
        {
            "period": row["period_code"],
            "end": row["window_end"].isoformat(),
            "what": label,
            "value": float(row[key]),
        }
        for row in rows
        for key, label in series
        if row[key] is not None
    ]
    names = [label for _, label in series]
    chart = (
        altair.Chart(altair.InlineData(values=points), width=_WIDTH, height=_HEIGHT)
        .mark_line(point=True, strokeWidth=2)
        .encode(
            x=altair.X("period:O", sort=altair.EncodingSortField("end"), title=say["period"]),
            y=altair.Y("value:Q", title=unit),
            color=altair.Color("what:N", title=None, scale=altair.Scale(domain=names, range=list(_COLOURS))),
            strokeDash=altair.StrokeDash(
                "what:N", title=None, scale=altair.Scale(domain=names, range=[list(d) for d in _DASHES])
            ),
        )
        .configure(font="system-ui, sans-serif", background="white")
        .configure_legend(orient="bottom")
    )
    return vl_convert.vegalite_to_svg(chart.to_dict()).encode()
