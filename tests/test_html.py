"""The checker of pages sees what it is there to see."""

import pytest

from tests.html import html_findings

GOOD = (
    '<!DOCTYPE html><html lang="fr"><head><title>Titre</title></head><body><a href="#m">Aller</a>'
    '<main id="m"><h1>Un</h1>{}</main></body></html>'
)


def test_nothing_is_found_on_a_good_page() -> None:
    html = (
        '<h2>Deux</h2><script src="/a.js"></script><label for="q">Nom</label><input id="q">'
        '<script type="application/json" id="d">{"a": 1}</script><img src="/a.png" alt="">'
        '<svg><path d="M0 0"/></svg>'
    )
    assert html_findings(GOOD.replace("{}", html)) == []


@pytest.mark.parametrize(
    ("html", "finding"),
    [
        ("<script>alert(1)</script>", "a script inside the page"),
        ('<script type="module">x</script>', "a script inside the page"),
        ("<style>p {}</style>", "a <style>"),
        ('<p style="color: red">x</p>', "with style="),
        ('<p onclick="x()">x</p>', "the handler onclick"),
        ('<p hx-on:click="x()">x</p>', "the handler hx-on:click"),
        ('<a href=" JavaScript:x()">x</a>', "the address"),
        ('<script src="/a.js" nonce="abc"></script>', "a nonce"),
        ('<p id="m">x</p>', 'id="m" 2 times'),
        ('<p id="">x</p>', 'with id=""'),
        ('<button aria-controls="no">x</button>', "which is nowhere"),
        ('<a href="#no">x</a>', "a link to #no"),
        ('<img src="/a.png">', "an image without alt"),
        ("<h1>Encore</h1>", "2 <h1>"),
        ("<h3>Trois</h3>", "<h3> right after <h1>"),
        ("<p><ul></p></ul>", "closes"),
        ("<section>", "closes <section>"),
        ('<p class="a" class="b">x</p>', "an attribute twice"),
    ],
)
def test_faults_are_found(html: str, finding: str) -> None:
    assert any(finding in each for each in html_findings(GOOD.replace("{}", html)))


def test_language_and_title_are_asked_for() -> None:
    findings = html_findings("<html><head></head><body><h1>x</h1></body></html>")
    assert "no title" in findings
    assert 'lang=""' in findings
