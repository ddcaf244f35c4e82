"""The map in a browser: its groups, its keys, its links, and what stands in for it."""

import re
from collections.abc import Callable, Iterator
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Locator, Page, expect

# pytest-django makes a database only where a test of the run asks for it; the site reads it.
pytestmark = [pytest.mark.browser, pytest.mark.django_db]

Pages = Callable[..., Page]

WIDE = {"viewport": {"width": 1280, "height": 1000}, "reduced_motion": "reduce"}
NARROW = {"viewport": {"width": 390, "height": 800}, "reduced_motion": "reduce"}
GROUPS = ".ptce-cluster.leaflet-marker-icon"
MARKERS = ".ptce-pole.leaflet-marker-icon"
FOCUSED_NAME = "document.activeElement.getAttribute('aria-label') || ''"


@pytest.fixture
def wide(new_page: Pages) -> Page:
    return new_page(**WIDE)


class _Frame(BaseHTTPRequestHandler):
    """A page that frames the address given after its question mark."""

    def do_GET(self) -> None:
        address = escape(self.path.partition("?")[2])
        html = f'<!DOCTYPE html><iframe src="{address}" width="900" height="600"></iframe>'
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(html.encode())

    def log_message(self, *said: object) -> None:
        """Says nothing."""


@pytest.fixture
def other_site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Frame)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


def open_map(page: Page, address: str = "/carte/") -> None:
    page.goto(address)
    expect(status(page)).to_have_text(re.compile(r"^\d+\spôles?"))
    expect(page.locator(f"{GROUPS}, {MARKERS}").first).to_be_attached()


def names(page: Page, selector: str) -> list[str]:
    return page.locator(selector).evaluate_all("all => all.map(e => e.getAttribute('aria-label'))")


def shown_on_map(page: Page) -> int:
    """How many poles the markers and groups of the page stand for."""
    groups = [int(name.split()[2].replace("\u00a0", "")) for name in _sizes(names(page, GROUPS))]
    return sum(groups) + page.locator(MARKERS).count()


def _sizes(labels: list[str]) -> list[str]:
    return [label.replace("\u00a0", " ") for label in labels]


def status(page: Page) -> Locator:
    return page.locator("[data-map-status]")


def settled(page: Page) -> None:
    expect(page.locator("[data-map]")).not_to_have_attribute("aria-busy", "true")


def focus_map(page: Page) -> None:
    page.locator("[data-map-canvas]").focus()


def focused(page: Page) -> str:
    return page.evaluate(FOCUSED_NAME)


def walk_to(page: Page, start: str) -> str:
    """Presses n until the marker or group whose name starts so has the focus."""
    focus_map(page)
    page.keyboard.press("Enter")
    for _ in range(80):
        if focused(page).startswith(start):
            return focused(page)
        page.keyboard.press("n")
    raise AssertionError(f"no {start} among the markers")


def test_groups_and_markers_show_every_pole_each_with_a_name(wide: Page) -> None:
    open_map(wide)
    for name in names(wide, GROUPS):
        assert re.match(r"Groupe de \d+\spôles (à|au|aux|autour) ", name), name
    assert all("," in name for name in names(wide, MARKERS))
    mainland = wide.locator("[data-territory]").first.locator("[data-territory-count]")
    assert shown_on_map(wide) == int(mainland.inner_text())


def test_an_approximate_place_looks_and_reads_otherwise_than_an_exact_one(wide: Page) -> None:
    open_map(wide)
    vague = names(wide, ".ptce-pole--approche.leaflet-marker-icon")
    exact = names(wide, ".ptce-pole--precis.leaflet-marker-icon")
    assert vague
    assert exact
    assert all("localisation approximative" in name for name in vague)
    assert not any("approximative" in name for name in exact)


def test_a_filter_changes_map_and_list_alike(wide: Page) -> None:
    open_map(wide)
    wide.get_by_role("checkbox", name=re.compile("^Bretagne")).check()
    wide.wait_for_url(re.compile("region=53"))
    settled(wide)
    expect(status(wide)).to_contain_text(re.compile(r"^7\spôles"))
    expect(wide.locator("[data-pole-id]")).to_have_count(7)
    expect(wide.locator(f"{GROUPS}, {MARKERS}").first).to_be_attached()
    assert shown_on_map(wide) == 7
    wide.go_back()
    expect(status(wide)).to_contain_text(re.compile(r"^84\spôles"))


def test_a_link_shows_what_its_sender_saw(wide: Page, new_page: Pages) -> None:
    open_map(wide, "/carte/?maturite=existant")
    focus_map(wide)
    for key in ("+", "+", "ArrowLeft", "ArrowUp"):
        wide.keyboard.press(key)
    wide.wait_for_url(re.compile(r"vue=[\d.]+/[-\d.]+/[-\d.]+"))
    wide.wait_for_timeout(400)
    assert "maturite=existant" in wide.url
    other = new_page(**WIDE)
    open_map(other, wide.url)
    expect(status(other)).to_have_text(status(wide).inner_text())
    assert _places(other) == _places(wide)


def _places(page: Page) -> dict[str, tuple[int, int]]:
    """Where each marker stands in the map, in pixels."""
    return page.evaluate(
        """(markers) => {
            const frame = document.querySelector("[data-map-canvas]").getBoundingClientRect();
            return Object.fromEntries([...document.querySelectorAll(markers)].map((marker) => {
                const box = marker.getBoundingClientRect();
                const place = [Math.round(box.x - frame.x), Math.round(box.y - frame.y)];
                return [marker.getAttribute("aria-label"), place];
            }));
        }""",
        f"{GROUPS}, {MARKERS}",
    )


def test_a_chosen_view_stays_when_filters_change(wide: Page) -> None:
    open_map(wide, "/carte/?vue=8/47.8/-2.5")
    wide.get_by_role("checkbox", name=re.compile("^Occitanie")).check()
    wide.wait_for_url(re.compile(r"region=76.*vue=8/47\.8/-2\.5"))
    elsewhere = wide.locator("[data-map-elsewhere]")
    expect(elsewhere).to_be_visible()
    elsewhere.get_by_role("button").click()
    expect(elsewhere).to_be_hidden()
    assert "vue=" not in wide.url
    expect(wide.locator(f"{GROUPS}, {MARKERS}").first).to_be_attached()
    assert shown_on_map(wide) == 11


def test_overseas_in_view_and_one_click_away(wide: Page) -> None:
    open_map(wide)
    for name in ("Guadeloupe", "Martinique", "Guyane", "La Réunion", "Mayotte"):
        expect(wide.get_by_role("button", name=re.compile(f"^{name}"))).to_be_in_viewport()
    wide.get_by_role("button", name=re.compile("^Guadeloupe")).click()
    expect(wide.locator(GROUPS)).to_have_attribute("aria-label", re.compile("Guadeloupe"))
    expect(wide.get_by_role("button", name=re.compile("^Guadeloupe"))).to_have_attribute(
        "aria-pressed", "true"
    )


def test_overseas_one_key_away(wide: Page) -> None:
    open_map(wide)
    focus_map(wide)
    wide.keyboard.press("6")
    expect(wide.locator(f"{GROUPS}, {MARKERS}")).to_have_count(1)
    expect(wide.locator("[data-map-announce]")).to_have_text(re.compile(r"^Mayotte\s: 1\spôle"))
    wide.keyboard.press("1")
    expect(wide.locator("[data-map-announce]")).to_have_text(re.compile("^Métropole"))
    assert wide.locator(GROUPS).count() > 5


def test_the_map_is_one_tab_stop_that_can_be_skipped(wide: Page) -> None:
    open_map(wide)
    inside = "document.querySelector('[data-map-canvas]').contains(document.activeElement)"
    focus_map(wide)
    wide.keyboard.press("Tab")
    assert not wide.evaluate(inside)
    wide.keyboard.press("Shift+Tab")
    assert wide.evaluate(inside)
    skip = wide.get_by_role("link", name="Passer la carte")
    skip.focus()
    expect(skip).to_be_in_viewport()
    wide.keyboard.press("Enter")
    wide.keyboard.press("Tab")
    assert wide.evaluate(
        "!!(document.querySelector('[data-map]').compareDocumentPosition(document.activeElement)"
        " & Node.DOCUMENT_POSITION_FOLLOWING)"
    )


def test_keys_lead_to_a_pole_and_back(wide: Page) -> None:
    open_map(wide)
    name = walk_to(wide, "Néo56") if _alone(wide, "Néo56") else walk_to(wide, _single(wide))
    expect(wide.locator("[data-map-announce]")).to_contain_text(name)
    wide.keyboard.press("Enter")
    bubble = wide.get_by_role("dialog", name=name)
    expect(bubble.get_by_role("link").first).to_be_focused()
    expect(bubble.get_by_role("button", name="Fermer")).to_be_visible()
    wide.keyboard.press("Escape")
    expect(bubble).to_be_hidden()
    assert focused(wide) == name
    wide.keyboard.press("Escape")
    expect(wide.locator("[data-map-canvas]")).to_be_focused()
    walk_to(wide, name)
    wide.keyboard.press("Enter")
    expect(bubble.get_by_role("link").first).to_be_focused()
    wide.keyboard.press("Enter")
    wide.wait_for_url(re.compile(r"/poles/[a-z0-9-]+/"))


def _alone(page: Page, start: str) -> bool:
    return any(name.startswith(start) for name in names(page, MARKERS))


def _single(page: Page) -> str:
    return names(page, ".ptce-pole--precis.leaflet-marker-icon")[0]


def test_keys_open_a_group_and_keep_the_focus_among_its_poles(wide: Page) -> None:
    open_map(wide)
    before = wide.url
    walk_to(wide, "Groupe de 14")
    wide.keyboard.press("Enter")
    wide.wait_for_url(re.compile("vue="))
    wide.wait_for_timeout(500)
    assert wide.url != before
    assert focused(wide).startswith("Groupe") or "," in focused(wide)
    assert wide.evaluate("document.activeElement.matches('.leaflet-marker-icon')")


def test_poles_in_one_place_are_all_reachable(wide: Page) -> None:
    open_map(wide)
    focus_map(wide)
    wide.keyboard.press("2")
    name = walk_to(wide, "Groupe de 2")
    wide.keyboard.press("Enter")
    links = wide.get_by_role("dialog", name=name).get_by_role("link")
    expect(links).to_have_count(2)
    for link in links.all():
        assert re.fullmatch(r"/poles/[a-z0-9-]+/", link.get_attribute("href") or "")
    wide.keyboard.press("Escape")
    assert focused(wide) == name
    wide.locator(GROUPS).click()
    expect(wide.locator(MARKERS)).to_have_count(2)


def test_seen_from_afar_the_regions_carry_their_numbers(new_page: Pages) -> None:
    narrow = new_page(**NARROW)
    narrow.goto("/carte/")
    brittany = narrow.locator(".ptce-count[aria-label^=Bretagne]")
    expect(brittany).to_have_text("7")
    expect(brittany).to_have_attribute("aria-label", re.compile(r"^Bretagne\s: 7\spôles$"))
    brittany.click()
    expect(narrow.locator(f"{GROUPS}, {MARKERS}").first).to_be_visible()
    expect(brittany).to_be_hidden()


def test_a_card_under_the_pointer_shows_its_pole(wide: Page) -> None:
    open_map(wide, "/carte/?region=53")
    wide.locator("[data-pole-id]").first.hover()
    expect(wide.locator(".is-highlighted")).to_have_count(1)


def test_near_me_searches_around_the_position(new_page: Pages) -> None:
    page = new_page(
        geolocation={"latitude": 47.2184, "longitude": -1.5536},
        permissions=["geolocation"],
        **WIDE,
    )
    open_map(page)
    page.get_by_role("button", name="Près de moi").click()
    page.wait_for_url(re.compile(r"lat=47\.218&lon=-1\.554&rayon=50"))
    expect(page.locator(".ptce-near")).to_be_attached()


def test_near_me_says_when_it_is_refused(wide: Page) -> None:
    open_map(wide)
    wide.get_by_role("button", name="Près de moi").click()
    expect(wide.locator("[data-map-message]")).to_contain_text("a refusé de donner votre position")


def test_without_tiles_the_outlines_remain(wide: Page, tiles_url: str) -> None:
    wide.route(f"{tiles_url}**", lambda route: route.abort())
    open_map(wide, "/carte/?vue=8/47.8/-2.5")
    expect(wide.locator("[data-map-tiles]")).to_contain_text("Fond de carte indisponible")
    expect(wide.locator(".ptce-departement").first).to_be_attached()
    expect(wide.locator(".ptce-name span", has_text="Morbihan")).to_be_visible()


def test_other_sites_may_frame_the_map(
    new_page: Pages, site_url: str, other_site: str, neighbours: list[str]
) -> None:
    neighbours.append(other_site)
    page = new_page(**WIDE)
    page.goto(f"{other_site}/?{site_url}/carte/?integration=1&region=53")
    frame = page.frame_locator("iframe")
    expect(frame.locator("[data-map-status]")).to_contain_text(re.compile(r"^7\spôles"))
    frame.locator(f"{GROUPS}, {MARKERS}").first.wait_for()
    expect(frame.get_by_role("button", name="Près de moi")).to_have_count(0)
    frame.locator("[data-map-canvas]").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(frame.get_by_role("dialog").get_by_role("link").first).to_have_attribute(
        "target", "_blank"
    )


def test_without_javascript_the_regions_are_drawn(new_page: Pages) -> None:
    page = new_page(java_script_enabled=False)
    page.goto("/carte/")
    drawn = page.locator(".ptce-drawn__map")
    expect(drawn).to_be_visible()
    expect(drawn.locator("a")).to_have_count(18)
    expect(page.locator("[data-map-canvas]")).to_be_hidden()
    drawn.get_by_role("link", name=re.compile(r"^Bretagne\s: 7\spôles$")).click()
    page.wait_for_url("**/regions/bretagne/")
