"""What stands between the pages and axe lets pass nothing that axe would find."""

import pytest
from playwright.sync_api import Page

from tests.browser.axe import COLOURS, axe_findings

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

_WELL = '<p class="same">well</p>'
_WRONG = (
    '<p class="same" style="color: #bbb">pale</p>',
    '<div style="opacity: 0.3"><p class="same">as seen through what holds it</p></div>',
    '<div style="background: #333"><p class="same">on another ground</p></div>',
    '<div style="background: #333"><div><p class="same">on a ground further off</p></div></div>',
    '<p class="same" style="position: absolute; top: 0; background: #333">over others</p>',
    '<input class="same" value="a field" aria-label="field" style="background: #333">',
)


def test_one_pale_text_among_many_is_found(page: Page) -> None:
    for wrong in ("", *_WRONG):
        page.set_content(
            "<!DOCTYPE html><html lang=fr><title>t</title>"
            "<style>.same { color: #222 } body { background: #fff }</style>"
            f"<main>{_WELL * 3}{wrong}{_WELL}</main>"
        )
        assert len(axe_findings(page, COLOURS)) == (1 if wrong else 0), wrong
