"""What a browser sees: the weight of a page with all that it fetches, the first clusters."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

from playwright.sync_api import Browser, BrowserContext, sync_playwright

_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    # Tiles come from elsewhere: they are not weighed, and nothing here waits for them.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
_TIMES = 7
# Told on the console, so that nothing of the benchmark runs in the page but one look a frame. The
# time is that of the frame's end: the clusters are painted.
_WATCH_CLUSTERS = """
(() => {
  const look = () => {
    const cluster = document.querySelector(".leaflet-marker-pane .ptce-cluster");
    if (cluster && cluster.checkVisibility()) {
      setTimeout(() => console.debug(`first cluster ${performance.now()}`));
    } else {
      requestAnimationFrame(look);
    }
  };
  requestAnimationFrame(look);
})();
"""
_TOLD = "first cluster "


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
        with page.expect_console_message(lambda said: said.text.startswith(_TOLD)) as told:
            page.goto(address, wait_until="commit")
        times.append(float(told.value.text.removeprefix(_TOLD)) / 1000)
        context.close()
    return times


def middle(times: list[float]) -> float:
    return median(times)
