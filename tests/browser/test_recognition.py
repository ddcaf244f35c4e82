"""Recognition in a browser, by the keyboard alone: on a copy of the data that may be changed."""

from collections.abc import Iterator

import psycopg
import pytest
from playwright.sync_api import expect

from tests.browser.signing import Pages, signed_in
from tests.real_data import server_url

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
SLUG = "pole-d-essai-de-reconnaissance"


@pytest.fixture
def pole(site_url: str) -> Iterator[int]:
    """A pole of three members, each needed, that the site sees."""
    with psycopg.connect(server_url(), autocommit=True) as site:
        found = site.execute("SELECT id FROM poles_pole WHERE slug = %s", [SLUG]).fetchone()
        assert found is None, "another test left it"
        columns = {
            row[0]: row[1]
            for row in site.execute(
                "SELECT column_name, CASE data_type WHEN 'ARRAY' THEN '{}' ELSE '' END"
                " FROM information_schema.columns WHERE table_name = 'poles_pole'"
                " AND is_nullable = 'NO' AND data_type IN ('character varying', 'text', 'ARRAY')"
                " AND is_generated = 'NEVER'"
            )
        }
        columns |= {
            "name": "Pôle d’essai de reconnaissance",
            "slug": SLUG,
            "maturity": "existant",
            "record_state": "brouillon",
            "recognition": "aucune",
            "version": 1,
            "created_at": "2026-01-01",
        }
        names = ", ".join(columns)
        marks = ", ".join(["%s"] * len(columns))
        made = site.execute(
            f"INSERT INTO poles_pole ({names}) VALUES ({marks}) RETURNING id",
            list(columns.values()),
        ).fetchone()
        assert made is not None
        yield made[0]
        # What the registry never lets anyone erase, the test puts away behind its back.
        site.execute("SET session_replication_role = replica")
        site.execute("DELETE FROM poles_recognitiondecision WHERE pole_id = %s", made)
        site.execute("DELETE FROM poles_poleevent WHERE pgh_obj_id = %s", made)
        site.execute("DELETE FROM poles_pole WHERE id = %s", made)


def test_an_exception_then_a_withdrawal_by_the_keyboard(
    new_page: Pages, account: str, pole: int
) -> None:
    page = signed_in(new_page, account)
    page.goto(f"/admin/poles/pole/{pole}/article-9/")
    expect(page.get_by_text("Composition minimale indéterminée")).to_be_visible()

    def unfold(label: str) -> None:
        page.locator("summary", has_text=label).focus()
        page.keyboard.press("Enter")

    # What is not established is refused, in words, and what was typed is still there.
    unfold("Reconnaître par exception")
    page.locator("#id_exception-reason").focus()
    page.keyboard.type("Fusion en cours")
    page.keyboard.press("Tab")
    page.locator("#id_exception-exception_reason").focus()
    page.keyboard.type("Le temps de la fusion")
    page.locator("#id_exception-exception_until").fill("2020-01-01")
    page.locator("#id_exception-exception_reason").press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Une exception finit aujourd’hui au plus tôt.")).to_be_visible()
    expect(page.locator("#id_exception-reason")).to_have_value("Fusion en cours")

    page.locator("#id_exception-exception_until").fill("2099-12-31")
    page.locator("#id_exception-exception_reason").press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Décision enregistrée")).to_be_visible()
    expect(page.get_by_role("heading", name="Reconnaissance : reconnu")).to_be_visible()

    unfold("Retirer la reconnaissance")
    page.locator("#id_retirer-reason").focus()
    page.keyboard.type("La fusion a eu lieu")
    page.locator("#id_retirer-heard_on").fill("2026-01-02")
    page.locator("#id_retirer-heard_on").press("Enter")
    expect(page.get_by_role("heading", name="Reconnaissance : retiré")).to_be_visible()
    expect(page.get_by_text("Pôle entendu le 2 janvier 2026.")).to_be_visible()
