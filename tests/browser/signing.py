"""Signing in to the admin in a browser."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

EMAIL = "navigateur@exemple.invalid"
PASSWORD = "une phrase de passe pour le navigateur"

Pages = Callable[..., Page]


def signed_in(new_page: Pages, account: str, **options: object) -> Page:
    page = new_page(**options)
    page.goto("/admin/login/?next=/admin/")
    page.get_by_label("Adresse électronique").fill(account)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Connexion").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Les fiches du registre")
    return page
