"""A Chromium that sees the local site and nothing else."""

import base64
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Response, Route, sync_playwright

from tests.chromium import chromium_path

_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
_TRANSPARENT_PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
_TILES = "https://data.geopf.fr/"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=_ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def troubles() -> list[str]:
    """What went wrong in the pages of a test, which fails for it; a test may expect some."""
    return []


@pytest.fixture
def new_page(
    browser: Browser, request: pytest.FixtureRequest, troubles: list[str]
) -> Iterator[Callable[..., Page]]:
    """Makes pages, with the options of a Playwright context; of a test's own site if it has one."""
    contexts = []
    own = "own_site" in request.fixturenames
    site_url = (
        request.getfixturevalue("own_site").url if own else request.getfixturevalue("site_url")
    )

    def refuse_elsewhere(route: Route) -> None:
        url = route.request.url
        if url.startswith(_TILES):
            route.fulfill(body=_TRANSPARENT_PNG, content_type="image/png")
        elif url.startswith((site_url, "data:", "blob:")):
            route.continue_()
        else:
            troubles.append(f"request to {url}")
            route.abort()

    def make(**options: Any) -> Page:
        options = {"base_url": site_url, "locale": "fr-FR", "timezone_id": "Europe/Paris"} | options
        context = browser.new_context(**options)
        context.set_default_timeout(10_000)
        context.route("**/*", refuse_elsewhere)
        contexts.append(context)
        page = context.new_page()
        page.on("response", lambda response: _note_failure(response, troubles))
        page.on("pageerror", lambda error: troubles.append(f"error in a script: {error}"))
        page.on("console", lambda said: _note(said, troubles))
        return page

    yield make
    for context in contexts:
        context.close()
    assert not troubles, "\n".join(troubles)


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    return new_page()


def _note(said: Any, troubles: list[str]) -> None:
    # A page that is asked for and missing is the test's own affair; a refused script is not.
    if said.type == "error" and "Content Security Policy" in said.text:
        troubles.append(said.text)


def _note_failure(response: Response, troubles: list[str]) -> None:
    if response.status >= 500:
        troubles.append(f"{response.status} {response.url}")
