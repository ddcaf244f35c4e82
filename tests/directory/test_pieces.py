"""The small pieces of template that every page shares."""

import re

from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory

from directory.templatetags.registry import number
from poles.models import Pole


def pagination(rf: RequestFactory, page: int, query: str = "", rows: int = 400) -> str:
    return render_to_string(
        "directory/_pagination.html",
        {"page_obj": Paginator(range(rows), 20).page(page)},
        request=rf.get(f"/poles/?{query}"),
    )


def test_pagination_keeps_the_rest_of_the_address(rf: RequestFactory) -> None:
    html = pagination(rf, 3, "theme=mobilite&theme=numerique&page=3")
    assert 'href="?theme=mobilite&amp;theme=numerique&amp;page=4" rel="next"' in html
    assert 'href="?theme=mobilite&amp;theme=numerique&amp;page=2" rel="prev"' in html
    # The first page has one address, without a page number.
    assert 'href="?theme=mobilite&amp;theme=numerique">Première page</a>' in html


def test_pagination_ends_have_no_link(rf: RequestFactory) -> None:
    first, last = pagination(rf, 1), pagination(rf, 20)
    assert 'rel="prev"' not in first
    assert 'rel="next"' in first
    assert 'rel="next"' not in last
    assert 'aria-current="page"' in last


def test_pagination_of_one_page_is_nothing(rf: RequestFactory) -> None:
    assert not pagination(rf, 1, rows=20).strip()


def pair(**context: object) -> str:
    known = {"what": "Lauréats", "announced": 15, "identified": 9, "origin": "Un ministère, 2021"}
    return re.sub(r"[ \n]+", " ", render_to_string("directory/_pair.html", known | context))


def test_pair_gives_both_numbers_and_whose_they_are() -> None:
    html = pair(announced=34875)
    assert "34\N{NO-BREAK SPACE}875" in html
    assert "Un ministère, 2021" in html
    assert "sur 34\N{NO-BREAK SPACE}875 annoncés" in html


def test_pair_without_announcement_says_so() -> None:
    html = pair(announced=None)
    assert "aucun nombre annoncé connu" in html
    assert "sur" not in html.split("identifiés")[1]


def test_nobody_announced_nothing_is_not_unknown() -> None:
    assert "aucun nombre" not in pair(announced=0)


def test_maturity_carries_its_year() -> None:
    def badge(**fields: object) -> str:
        html = render_to_string("directory/_maturity.html", {"pole": Pole(**fields)})
        return " ".join(html.split())

    assert "émergent (en 2021)" in badge(maturity="emergent", maturity_year=2021)
    assert "(en" not in badge(maturity="existant")
    assert "Maturité non renseignée" in badge()


def test_number_as_french_writes_it() -> None:
    assert number(1234567) == "1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567"
    assert number(None) == ""
