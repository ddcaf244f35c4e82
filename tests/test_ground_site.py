"""The site as gunicorn serves it: files, headers, pool."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from django.conf import settings
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page


def asset(site_url: str, pattern: str) -> str:
    """The published address of a file that the page of « comprendre » uses."""
    page = httpx.get(f"{site_url}/comprendre/").text
    found = re.search(rf'"(/static/[^"]*{pattern})"', page)
    assert found, pattern
    return site_url + found[1]


def test_files_are_hashed_compressed_and_kept_for_ever(site_url: str) -> None:
    address = asset(site_url, r"dsfr\.main\.min\.[0-9a-f]{12}\.css")
    response = httpx.get(address, headers={"Accept-Encoding": "br"})
    assert response.status_code == 200
    assert response.headers["Content-Encoding"] == "br"
    assert "immutable" in response.headers["Cache-Control"]


def test_what_a_style_sheet_names_is_published(site_url: str) -> None:
    address = asset(site_url, r"dsfr\.main\.min\.[0-9a-f]{12}\.css")
    named = set(re.findall(r"url\(\"?([^)\"]+)\"?\)", httpx.get(address).text))
    files = [name for name in named if not name.startswith("data:")]
    assert files
    with httpx.Client() as client:
        missing = [
            name for name in files[:40] if client.get(httpx.URL(address).join(name)).is_error
        ]
    assert not missing


def test_more_requests_than_connections_are_all_served(site_url: str) -> None:
    with ThreadPoolExecutor(16) as threads:
        addresses = [f"{site_url}/poles/?q={number}" for number in range(48)]
        statuses = list(threads.map(lambda a: httpx.get(a, timeout=30).status_code, addresses))
    assert set(statuses) == {200}


def test_the_site_says_who_may_frame_it_and_sniffs_nothing(site_url: str) -> None:
    headers = httpx.get(f"{site_url}/comprendre/").headers
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert "unsafe" not in headers["Content-Security-Policy"]


@pytest.mark.browser
def test_a_browser_opens_the_site_and_nothing_else(page: Page, troubles: list[str]) -> None:
    page.goto("/comprendre/")
    assert "PTCE" in page.title()
    assert troubles == []
    page.evaluate("fetch('https://ailleurs.example/').catch(() => null)")
    assert any("Content Security Policy" in trouble for trouble in troubles)
    troubles.clear()
    with pytest.raises(PlaywrightError):
        page.goto("https://ailleurs.example/")
    assert troubles == ["request to https://ailleurs.example/"]
    troubles.clear()


def test_a_module_finds_the_modules_that_it_imports(site_url: str) -> None:
    published = Path(settings.DEMO_DIR) / "static-tests" / "workspace"
    imports = [
        (script.parent / name)
        for script in published.glob("*.js")
        for name in re.findall(r'^import .* from "(.+)";$', script.read_text(), re.MULTILINE)
    ]
    assert imports
    assert [path.name for path in imports if not path.exists()] == []
