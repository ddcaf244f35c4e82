"""The map of the regions drawn on the server."""

import re

import pytest
from django.template.loader import render_to_string

from directory.drawn_map import (
    OVERSEAS,
    STEPS,
    RegionCount,
    drawn_map,
    outlines,
    step_labels,
    step_of,
)

# Brittany, Île-de-France, Corsica, Martinique.
COUNTS = {"53": 9, "11": 14, "94": 0, "02": 1}
NAMES = {"53": "Bretagne", "11": "Île-de-France", "94": "Corse", "02": "Martinique"}


def every_region() -> list[RegionCount]:
    return [
        RegionCount(
            code, NAMES.get(code, f"Région {code}"), f"/regions/{code}/", COUNTS.get(code, 2)
        )
        for code in sorted(outlines().shapes)
    ]


def drawing() -> str:
    return render_to_string("directory/_drawn_map.html", {"drawn": drawn_map(every_region())})


def test_each_region_is_a_named_link_with_its_number_written() -> None:
    html = drawing()
    assert html.count("<a ") == 18
    assert 'href="/regions/53/"' in html
    assert 'aria-label="Bretagne\u00a0: 9 pôles"' in html
    assert 'aria-label="Martinique\u00a0: 1 pôle"' in html
    assert 'aria-label="Corse\u00a0: aucun pôle"' in html
    brittany = html.split('href="/regions/53/"')[1].split("</a>")[0]
    assert re.search(r"<text[^>]*>\s*9\s*</text>", brittany)


def test_overseas_regions_stand_in_insets_of_their_own() -> None:
    drawn = drawn_map(every_region())
    insets = drawn["insets"]
    assert isinstance(insets, list)
    assert {inset["code"] for inset in insets} == set(OVERSEAS)
    for inset in insets:
        xs, ys = _points(inset["path"])
        assert inset["left"] <= min(xs)
        assert max(xs) <= inset["left"] + inset["width"]
        assert inset["top"] <= min(ys)
        assert max(ys) <= inset["top"] + inset["height"]


def test_the_mainland_stands_above_the_insets_and_looks_like_france() -> None:
    drawn = drawn_map(every_region())
    mainland = {region["code"]: region for region in drawn["regions"]}  # type: ignore[attr-defined]
    assert len(mainland) == 13
    for region in mainland.values():
        xs, ys = _points(region["path"])
        assert min(xs) >= 0
        assert max(ys) <= outlines().inset_top
    # Brittany is west of Île-de-France, Hauts-de-France north of Occitanie, Corsica the last.
    assert mainland["53"]["x"] < mainland["11"]["x"]
    assert mainland["32"]["y"] < mainland["76"]["y"]
    assert max(mainland.values(), key=lambda region: region["x"])["code"] == "94"


def test_the_drawing_is_light() -> None:
    html = drawing()
    svg = html[html.index("<svg") : html.index("</svg>")]
    assert len(svg.encode()) < 15_000
    assert "style=" not in html


def test_steps_share_the_greatest_count() -> None:
    assert [step_of(count, 10) for count in (0, 1, 2, 3, 9, 10)] == [0, 1, 1, 2, 5, 5]
    assert step_of(0, 0) == 0


@pytest.mark.parametrize("most", [1, 2, 3, 5, 7, 14, 100, 1504])
def test_each_count_stands_under_the_label_of_its_step(most: int) -> None:
    labels = {entry["step"]: str(entry["label"]) for entry in step_labels(most)}
    for count in range(1, most + 1):
        ends = [int(end) for end in labels[step_of(count, most)].split(" à ")]
        assert ends[0] <= count <= ends[-1]
    assert set(labels) <= set(range(1, STEPS + 1))


def test_no_region_at_all_draws_an_empty_map() -> None:
    drawn = drawn_map([])
    assert drawn["regions"] == []
    assert drawn["steps"] == []


def _points(path: str) -> tuple[list[int], list[int]]:
    xs: list[int] = []
    ys: list[int] = []
    for ring in filter(None, path.split("z")):
        start, rest = ring[1:].split("l")
        x, y = map(int, start.split())
        xs.append(x)
        ys.append(y)
        steps = [int(number) for number in re.findall(r"-?\d+", rest)]
        for dx, dy in zip(steps[::2], steps[1::2], strict=True):
            x, y = x + dx, y + dy
            xs.append(x)
            ys.append(y)
    return xs, ys
