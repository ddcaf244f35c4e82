"""The written pages: what they are made of, what they cost, and the words that bind them."""

import csv
import re
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from catalogue.public import forget_pages
from directory.content import law, navigation, timeline
from tests.factories import ApplicationFactory, CallFactory, PoleFactory, ThemeFactory
from tests.html import assert_clean_html

PAGES = {
    "/comprendre/": "Comprendre les PTCE",
    "/article-9/": "L’article\N{NO-BREAK SPACE}9",
    "/accessibilite/": "Accessibilité\N{NO-BREAK SPACE}: non conforme",
    "/mentions-legales/": "Mentions légales",
    "/donnees-personnelles/": "Données personnelles",
    "/plan-du-site/": "Plan du site",
}
MAX_STATEMENTS = 8

pytestmark = pytest.mark.django_db
every_page = pytest.mark.parametrize("address", PAGES)


def text_of(html: str) -> str:
    """What a reader reads, blanks of every kind made one."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@every_page
def test_page_is_clean(client: Client, address: str) -> None:
    html = read(client, address)
    assert_clean_html(html)
    title = re.search(r"<title>(.*?)</title>", html, re.DOTALL)
    assert title
    assert text_of(title[1]).strip() == text_of(f"{PAGES[address]} – Registre national des PTCE")


@every_page
def test_page_costs_few_statements(
    client: Client, address: str, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(MAX_STATEMENTS):
        read(client, address)


@every_page
def test_page_is_the_same_each_time(client: Client, address: str) -> None:
    first = read(client, address)
    forget_pages()
    assert read(client, address) == first


@every_page
def test_page_says_nothing_of_its_reader(
    client: Client, admin_client: Client, address: str
) -> None:
    response = client.get(address)
    assert not response.cookies
    forget_pages()
    assert admin_client.get(address).content == response.content


@every_page
def test_policy_allows_nothing_inline(client: Client, address: str) -> None:
    policy = client.get(address)["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "nonce" not in policy


@every_page
def test_head_describes_the_page(client: Client, address: str) -> None:
    html = read(client, address)
    assert f'<link rel="canonical" href="{settings.SITE_URL}{address}">' in html
    description = re.search(r'<meta name="description"\s+content="([^"]+)"', html)
    assert description
    assert 40 < len(description[1]) < 180
    assert f'property="og:url" content="{settings.SITE_URL}{address}"' in html


@pytest.mark.parametrize(
    ("path", "label", "current"),
    [
        ("/", "Accueil", "page"),
        ("/comprendre/", "Comprendre", "page"),
        ("/poles/tetris/", "Liste des pôles", "true"),
        ("/membres/resines/", "Liste des pôles", "true"),
        ("/departements/56/", "Régions", "true"),
        ("/mentions-legales/", None, None),
        (None, None, None),
    ],
)
def test_menu_marks_the_section(path: str | None, label: str | None, current: str | None) -> None:
    marked = [(item["label"], item["current"]) for item in navigation.menu(path) if item["current"]]
    assert marked == ([(label, current)] if label else [])


def test_every_footer_says_the_state_of_accessibility(client: Client) -> None:
    for address in PAGES:
        footer = read(client, address).split("<footer", 1)[1]
        assert text_of("Accessibilité : non conforme") in text_of(footer)


@every_page
def test_words_that_the_law_does_not_allow(client: Client, address: str) -> None:
    text = text_of(read(client, address)).lower()
    for forbidden in ("exigée par l’article", "exigé par l’article", "nom protégé", "marque dépos"):
        assert forbidden not in text
    for said in re.finditer("label", text):
        before = text[max(0, said.start() - 30) : said.start()]
        assert re.search(r"\b(ni|aucun)\b", before), "a label is only spoken of to deny it"


WRITTEN = sorted(
    str(path.relative_to(settings.BASE_DIR))
    for folder in ("templates", "templates/dsfr", "templates/directory/pages")
    for path in Path(settings.BASE_DIR, folder).glob("*.html")
)
_NOT_TEXT = r"{% comment %}.*?{% endcomment %}|{%.*?%}|{{.*?}}|{#.*?#}|<[^>]*>"


@pytest.mark.parametrize("name", WRITTEN)
def test_french_typography(name: str) -> None:
    source = Path(settings.BASE_DIR, name).read_text()
    text = re.sub(_NOT_TEXT, "", source, flags=re.DOTALL)
    assert not re.findall(r"\w+'\w+", text), "the apostrophe is ’"
    assert not re.findall(r"\w+ [:;!?»%]", text), "an ordinary space, where the line may break"
    assert not re.findall(r"\w[;!?»](?=\s)", text), "no space at all"
    assert not re.findall(r"« |«\w", text)


class TestUnderstand:
    def test_timeline_goes_forward_and_knows_every_national_call(self) -> None:
        years = [int(re.findall(r"\d{4}", item.date)[-1]) for item in timeline.MILESTONES]
        assert years[0] == 2009
        assert years == sorted(years)
        with Path(settings.BASE_DIR, "data/registry/calls.csv").open() as file:
            known = {row["code"] for row in csv.DictReader(file)}
        assert {item.call for item in timeline.MILESTONES if item.call} == known

    def test_dates_are_readable_by_machines(self, client: Client) -> None:
        html = read(client, "/comprendre/")
        assert '<time datetime="2014-07-31">31 juillet 2014</time>' in html
        assert "Avril 2009" in html

    def test_milestone_leads_to_its_call(self, client: Client, monkeypatch) -> None:
        CallFactory(code="appel-de-la-frise")
        milestone = timeline.Milestone("2030", "2030", "Demain", "Un jour.", "appel-de-la-frise")
        monkeypatch.setattr(timeline, "MILESTONES", (milestone,))
        assert 'href="/appels-a-projets/appel-de-la-frise/"' in read(client, "/comprendre/")

    def test_pair_counts_published_poles_once(self, client: Client, monkeypatch) -> None:
        call = CallFactory(
            announced_laureates=15, announced_supported=107, organiser="Un ministère"
        )
        monkeypatch.setattr("directory.views.pages.EXAMPLE_CALL", call.code)
        for decision, many in (("laureat", 2), ("accompagne", 3), ("refuse", 1)):
            for _ in range(many):
                ApplicationFactory(call=call, decision=decision, pole=PoleFactory(published=True))
        ApplicationFactory(call=call, decision="laureat", pole=PoleFactory())
        text = text_of(read(client, "/comprendre/"))
        assert re.search(r"annoncés 107 Un ministère .{0,60}identifiés dans le registre 3 ", text)
        assert re.search(r"annoncés 15 Un ministère .{0,60}identifiés dans le registre 2 ", text)

    def test_without_the_call_no_pair_is_shown(self, client: Client, monkeypatch) -> None:
        monkeypatch.setattr("directory.views.pages.EXAMPLE_CALL", "aucun-appel")
        assert "site-pair" not in read(client, "/comprendre/")

    def test_themes_lead_to_the_list(self, client: Client) -> None:
        theme = ThemeFactory(name="Astronomie solidaire")
        html = read(client, "/comprendre/")
        assert f'href="/poles/?theme={theme.slug}">Astronomie solidaire</a>' in html


class TestArticle9:
    def test_says_whose_rule_it_is(self, client: Client) -> None:
        text = text_of(read(client, "/article-9/"))
        assert "Règle du registre, d’après l’article 9" in text
        assert "Elle ne donne ni label, ni droit à une aide." in text

    def test_cites_the_texts_by_number(self, client: Client) -> None:
        html = read(client, "/article-9/")
        assert "n°\N{NO-BREAK SPACE}2014-856" in html
        assert "n°\N{NO-BREAK SPACE}2015-431" in html
        assert "https://www.legifrance.gouv.fr/loda/id/JORFTEXT000029313296/" in html

    def test_shows_every_kind_condition_verdict_and_state(self, client: Client) -> None:
        text = text_of(read(client, "/article-9/"))
        assert len(law.ROLES) == 8
        assert len(law.CONDITIONS) == 6
        for each in (*law.VERDICTS, *law.RECOGNITION_STATES):
            assert text_of(each.name) in text
        for row in law.ROLES:
            assert text_of(row.kind) in text


class TestLegal:
    def test_what_the_publisher_left_out_is_said(self, client: Client, settings) -> None:
        settings.PUBLISHER = dict.fromkeys(settings.PUBLISHER, "")
        for address in ("/mentions-legales/", "/accessibilite/", "/donnees-personnelles/"):
            assert "à compléter" in read(client, address)
            forget_pages()

    def test_what_the_publisher_says_is_shown(self, client: Client, settings) -> None:
        settings.PUBLISHER = {key: f"{key} dit" for key in settings.PUBLISHER} | {
            "contact": "contact@exemple.invalid"
        }
        html = read(client, "/mentions-legales/")
        assert "à compléter" not in html
        assert "host_address dit" in html
        assert 'href="mailto:contact@exemple.invalid"' in html

    def test_tile_host_is_named_only_when_asked(self, client: Client, settings) -> None:
        settings.TILES_URL = "https://cartes.exemple.invalid/{z}/{x}/{y}.png"
        assert "cartes.exemple.invalid" in read(client, "/donnees-personnelles/")
        forget_pages()
        settings.TILES_URL = ""
        assert "adresse IP de votre appareil" not in read(client, "/donnees-personnelles/")


def test_site_map_lists_every_territory(client: Client) -> None:
    html = read(client, "/plan-du-site/")
    assert len(re.findall(r'href="/regions/[^"]+/"', html)) == 18
    assert len(re.findall(r'href="/departements/[^"]+/"', html)) == 101
    for entry in navigation.ENTRIES:
        assert entry.label in html
    # In the order of the French alphabet, where an accent does not send a name to the end.
    assert html.index("/regions/ile-de-france/") < html.index("/regions/normandie/")
