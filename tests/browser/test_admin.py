"""The admin in a browser: nothing that its policy refuses, nothing that axe finds."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.axe import COLOURS, axe_findings
from tests.browser.signing import Pages, sign_in, signed_in
from tests.serving import OwnSite

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

PAGES = (
    "/admin/",
    "/admin/journal/",
    "/admin/filtres/",
    "/admin/reponse/",
    "/admin/donnees-personnelles/",
    "/admin/territories/territory/",
    "/admin/poles/pole/importer/",
    "/admin/calls/call/1/change/",
    "/admin/calls/call/1/courriers/",
    "/admin/calls/lettertemplate/1/change/",
    "/admin/calls/instalment/",
    "/admin/poles/pole/",
    "/admin/poles/pole/1/change/",
    "/admin/poles/pole/1/article-9/",
    "/admin/poles/pole/article-9/",
    "/admin/poles/pole/1/history/",
    "/admin/poles/pole/historique/",
    "/admin/calls/call/1/conduite/",
    "/admin/calls/call/1/session/",
    "/admin/calls/application/1/examen/",
    "/admin/calls/application/suivi/",
    "/admin/members/organisation/1/change/",
    "/admin/networks/network/1/change/",
    "/admin/networks/user/add/",
    "/admin/core/backgroundtask/",
)

_TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 320)])
def test_pages_are_clean_and_accessible(
    new_page: Pages, account: str, scheme: str, width: int
) -> None:
    """The fixture fails the test when the policy refused anything."""
    page = signed_in(
        new_page, account, color_scheme=scheme, viewport={"width": width, "height": 900}
    )
    page.goto("/admin/networks/user/?q=" + account)
    one = page.locator("#result_list tbody th a").get_attribute("href")
    assert one
    # Its title is a whole address.
    password = one.split("change/")[0] + "password/"
    findings = []
    for address in (*PAGES, password):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        page.wait_for_load_state("networkidle")
        found = axe_findings(page, COLOURS if scheme == "dark" else None)
        findings += [f"{address}: {each}" for each in found]
        if page.evaluate(_TOO_WIDE):
            findings.append(f"{address}: wider than its window")
    assert findings == []


def test_who_adds_begins_by_the_first_field(new_page: Pages, account: str) -> None:
    page = signed_in(new_page, account)
    page.goto("/admin/calls/call/add/")
    expect(page.locator("#id_name")).to_be_focused()


def test_a_place_is_chosen_with_the_keyboard(new_page: Pages, account: str) -> None:
    page = signed_in(new_page, account)
    page.goto("/admin/poles/pole/1/change/")
    seat = page.locator(".field-seat .select2-selection")
    seat.focus()
    page.keyboard.press("Enter")
    # What is typed before the box opens goes elsewhere.
    expect(page.locator(".select2-search__field")).to_be_focused()
    expect(page.locator(".select2-results__option").first).not_to_have_class(re.compile("loading"))
    page.keyboard.type("st etienne")
    # Too fast: the list still holds what was there before anything was typed.
    page.keyboard.press("Enter")
    expect(page.locator(".select2-results__option").first).to_have_text("Saint-Étienne (42)")
    page.keyboard.press("Enter")
    expect(seat).to_have_attribute("aria-label", "Siège, Saint-Étienne (42)")


def test_what_one_may_only_read_is_accessible(own_site: OwnSite, new_page: Pages) -> None:
    email = "audit-navigateur@exemple.invalid"
    own_site.run(
        f"""
        from tests.factories import UserFactory
        UserFactory(auditor=True, email="{email}")
        """
    )
    page = new_page()
    sign_in(page, email, own_site.environment["DATABASE_URL"])
    page.goto("/admin/poles/pole/1/change/")
    expect(page.get_by_role("button", name="Enregistrer")).to_have_count(0)
    assert axe_findings(page) == []
