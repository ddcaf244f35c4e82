"""The tables on the screen, and the file of the results."""

import json
import os
import platform
from datetime import UTC, datetime
from pathlib import Path

from bench.bars import LARGE, SIZES, Bar, Measured

RESULTS = Path(__file__).parent / "results.json"
_METHOD = (
    "Un client maison, une seule connexion gardée ouverte, réponses lues jusqu’au dernier octet ; "
    "gunicorn et les réglages de la production, un processus. Chaque tour mesure à la suite la "
    "page et ses planchers, aux trois tailles, dans un sens puis dans l’autre ; les temps sont des "
    "médianes de tours, les rapports des médianes de rapports d’un même tour."
)


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.2f}".replace(".", ",")


def number(value: float, digits: int = 2) -> str:
    return f"{value:.{digits}f}".replace(".", ",")


def page_table(measured: list[Measured]) -> str:
    head = (
        f"{'Page':<24}{'pôles':>7}{'calculée':>10}{'rendu':>9}{'rapport':>9}{'redemandée':>12}"
        f"{'octets':>9}{'débit':>8}{'304':>8}{'facettes':>10}{'SQL':>5}{'ko br':>8}"
    )
    lines = [head, "-" * len(head)]
    for each in measured:
        for size in SIZES:
            page, timings = each.at[size], each.at[size].timings
            facets = each.facets_seconds[size]
            lines.append(
                f"{each.page.label if size == SIZES[0] else '':<24}{size:>7}"
                f"{milliseconds(timings.seconds('fresh')):>10}"
                f"{milliseconds(timings.seconds('render')):>9}"
                f"{number(timings.ratio('fresh', 'render')):>9}"
                f"{milliseconds(timings.seconds('again')):>12}"
                f"{milliseconds(timings.seconds('bytes')):>9}"
                f"{number(1 / timings.ratio('again', 'bytes')):>8}"
                f"{milliseconds(timings.seconds('conditional')):>8}"
                f"{milliseconds(facets) if facets else '':>10}"
                f"{each.statements[size]:>5}"
                f"{number(page.wire_bytes / 1000, 1):>8}"
            )
    return "\n".join([*lines, "Temps en millisecondes par réponse."])


def _written(bar: Bar, value: float) -> str:
    if bar.unit == "ko":
        return f"{number(value / 1000, 0)} ko"
    if bar.unit == "s":
        return f"{number(value)} s"
    return f"{value:.0f}" if float(value).is_integer() else number(value)


def bar_table(bars: list[Bar]) -> str:
    lines = []
    for bar in bars:
        limit = f"{'≥' if bar.at_least else '≤'} {_written(bar, bar.limit)}"
        verdict = "tenu" if bar.passed else "MANQUÉ"
        lines.append(f"{bar.what:<84}{_written(bar, bar.figure):>10}  {limit:<10}{verdict}")
    missed = sum(not bar.passed for bar in bars)
    lines.append(f"{len(bars) - missed} barres tenues sur {len(bars)}.")
    return "\n".join(lines)


def write_results(
    measured: list[Measured],
    bars: list[Bar],
    browser: dict[str, object],
    seconds: dict[str, float],
    missing: list[str],
) -> None:
    RESULTS.write_text(
        json.dumps(
            {
                "date": datetime.now(UTC).isoformat(timespec="seconds"),
                "machine": {
                    "cores": os.cpu_count(),
                    "python": platform.python_version(),
                    "load": round(os.getloadavg()[0], 2),
                },
                "method": _METHOD,
                "seconds": {name: round(value, 1) for name, value in seconds.items()},
                "missing": missing,
                "pages": [_page(each) for each in measured],
                "browser": browser,
                "bars": [
                    {
                        "what": bar.what,
                        "figure": round(bar.figure, 3),
                        "limit": bar.limit,
                        "at_least": bar.at_least,
                        "passed": bar.passed,
                    }
                    for bar in bars
                ],
            },
            ensure_ascii=False,
            indent=1,
        )
        + "\n"
    )


def _page(each: Measured) -> dict[str, object]:
    return {
        "name": each.page.name,
        "address": each.page.address,
        "growth": round(each.growth, 2),
        "growth_at_one_length": round(each.growth_at_one_length, 2),
        "sizes": {
            size: {
                **{
                    f"{kind}_ms": round(each.at[size].timings.seconds(kind) * 1000, 3)
                    for kind in each.at[size].timings.rounds
                },
                "facets_ms": round(each.facets_seconds[size] * 1000, 3),
                "to_render": round(each.at[size].timings.ratio("fresh", "render"), 2),
                "of_bytes": round(1 / each.at[size].timings.ratio("again", "bytes"), 3),
                "statements": each.statements[size],
                "wire_bytes": each.at[size].wire_bytes,
                "plain_bytes": each.at[size].plain_bytes,
            }
            for size in SIZES
        },
    }


def method() -> str:
    return f"{_METHOD} Barres : {LARGE} pôles, {LARGE * 10} participations."
