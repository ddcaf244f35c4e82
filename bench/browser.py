"""What a browser sees: the weight of a page with all that it fetches, the first clusters."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    # Tiles come from elsewhere: they are not weighed, and nothing here waits for them.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
_TIMES = 7
# Painted: one frame after a cluster that can be seen is in the page.
_WATCH_CLUSTERS = """
(() => {
  const observer = new MutationObserver(() => {
    const clusters = [...document.querySelectorAll(".leaflet-marker-pane .ptce-cluster")];
    if (clusters.some((each) => each.checkVisibility() && each.offsetWidth)) {
      observer.disconnect();
      requestAnimationFrame(() => setTimeout(() => { window.firstCluster = performance.now(); }));
    }
  });
  observer.observe(document, { childList: true, subtree: true });
})();
"""


def chromium() -> str | None:
    for name in (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"):
        if name and (path := shutil.which(name)):
            return path
    return None


@contextmanager
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=_ARGUMENTS)
        yield started
        started.close()


def _visitor(browser: Browser) -> BrowserContext:
    """Someone who comes for the first time: nothing is in their cache."""
    return browser.new_context(
        viewport={"width": 1280, "height": 800},
        locale="fr-FR",
        extra_http_headers={"X-Forwarded-Proto": "https"},
    )


def weight(browser: Browser, address: str) -> dict[str, int]:
    """The bytes on the wire, headers included, by address of the site."""
    context = _visitor(browser)
    page = context.new_page()
    seen: dict[str, str] = {}
    fetched: dict[str, int] = {}
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on(
        "Network.requestWillBeSent",
        lambda event: seen.__setitem__(event["requestId"], event["request"]["url"]),
    )

    def finished(event: dict) -> None:
        url = seen.get(event["requestId"], "")
        if url.startswith("http://127.0.0.1"):
            path = "/" + url.split("/", 3)[3]
            fetched[path] = fetched.get(path, 0) + int(event["encodedDataLength"])

    wire.on("Network.loadingFinished", finished)
    page.goto(address, wait_until="networkidle")
    context.close()
    return fetched


def first_cluster(browser: Browser, address: str) -> list[float]:
    """Seconds from the beginning of the navigation to the first clusters painted."""
    times = []
    for _ in range(_TIMES):
        context = _visitor(browser)
        context.add_init_script(_WATCH_CLUSTERS)
        page = context.new_page()
        page.goto(address, wait_until="commit")
        times.append(_wait_for_cluster(page))
        context.close()
    return times


def _wait_for_cluster(page: Page) -> float:
    handle = page.wait_for_function("window.firstCluster", timeout=20_000)
    return float(handle.json_value()) / 1000


def middle(times: list[float]) -> float:
    return median(times)
