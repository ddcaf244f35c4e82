"""A Chromium that sees the local site and nothing else."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, Response, expect, sync_playwright

from tests.chromium import chromium_path

# What is looked for comes at once; a machine that does other things besides may need longer.
_PATIENCE_MS = 10_000
_ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    # Rather than a route in each context, for which Playwright leaves its pages without a cache.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        expect.set_options(timeout=_PATIENCE_MS)
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=_ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def troubles() -> list[str]:
    """What went wrong in the pages of a test, which fails for it; a test may expect some."""
    return []


@pytest.fixture
def neighbours(tiles_url: str) -> list[str]:
    """What the addresses of elsewhere begin with that a test's pages may ask; it may add some."""
    return [tiles_url]


@pytest.fixture
def new_page(
    browser: Browser, request: pytest.FixtureRequest, neighbours: list[str], troubles: list[str]
) -> Iterator[Callable[..., Page]]:
    """Makes pages, with the options of a Playwright context; of a test's own site if it has one."""
    contexts = []
    own = "own_site" in request.fixturenames
    site_url = (
        request.getfixturevalue("own_site").url if own else request.getfixturevalue("site_url")
    )

    def note_elsewhere(asked: Request) -> None:
        if not asked.url.startswith((site_url, "data:", "blob:", *neighbours)):
            troubles.append(f"request to {asked.url}")

    def make(**options: Any) -> Page:
        options = {"base_url": site_url, "locale": "fr-FR", "timezone_id": "Europe/Paris"} | options
        context = browser.new_context(**options)
        context.set_default_timeout(_PATIENCE_MS)
        context.on("request", note_elsewhere)
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
