import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from bench import browser as browsing
from bench import report
from bench.bars import (
    LARGE,
    SIZES,
    Bar,
    Measured,
    browser_bars,
    composition_bars,
    page_bars,
)
from bench.client import Connection
from bench.measure import PageAtSize, measure
from bench.pages import Page, pages
from bench.site import (
    Databases,
    environment,
    owner_environment,
    publish_static_files,
    served,
)
from ptce_registry.embedded import BASE_DIR, Server, throwaway_server

_SEEN_BY_BROWSER = {"Accueil": "/", "Carte": "/carte/"}
_seconds: dict[str, float] = {}


@contextmanager
def step(name: str) -> Iterator[None]:
    print(f"{name}…", end=" ", flush=True)
    begun = time.monotonic()
    yield
    _seconds[name] = time.monotonic() - begun
    print(f"{report.number(_seconds[name], 1)} s", flush=True)


def seen_from_inside(server: Server, database: str, measured: list[Page]) -> dict[str, dict]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.inside", *(page.address for page in measured)],
        env=environment(server, database),
        cwd=BASE_DIR,
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(done.stdout)


def measure_pages(
    server: Server, databases: Databases, names: dict[int, str]
) -> tuple[list[Measured], list[str]]:
    wanted = pages(databases, names[SIZES[0]])
    inside = {size: seen_from_inside(server, name, wanted) for size, name in names.items()}
    measured, missing = [], []
    with ExitStack() as open_sites:
        connections = {
            size: Connection(open_sites.enter_context(served(server, name, WEB_CONCURRENCY="1")))
            for size, name in names.items()
        }
        for page in wanted:
            if any(inside[size][page.address]["statements"] is None for size in SIZES):
                missing.append(page.address)
                continue
            at = {size: PageAtSize(connections[size], page.address) for size in SIZES}
            measure(at)
            measured.append(
                Measured(
                    page,
                    at,
                    {size: inside[size][page.address]["statements"] for size in SIZES},
                    {size: inside[size][page.address]["facets_seconds"] for size in SIZES},
                )
            )
            print(page.name, end=" ", flush=True)
        for connection in connections.values():
            connection.close()
    return measured, missing


def composition_figures(server: Server, database: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.composition"],
        env=owner_environment(server, database),
        cwd=BASE_DIR,
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(done.stdout)


def see_in_browser(server: Server, names: dict[str, str]) -> tuple[list[Bar], dict[str, object]]:
    weights: dict[str, dict[str, dict[str, int]]] = {}
    with browsing.browser() as chromium:
        for which, database in names.items():
            with served(server, database) as port:
                site = f"http://127.0.0.1:{port}"
                weights[which] = {
                    label: browsing.weight(chromium, site + address)
                    for label, address in _SEEN_BY_BROWSER.items()
                }
                # Those of the last one, the largest, are kept.
                clusters = browsing.first_cluster(chromium, f"{site}/carte/")
    seconds = browsing.middle(clusters)
    bars = list(browser_bars(weights["real"], weights["large"], seconds))
    return bars, {"first_cluster_seconds": clusters, "weights": weights}


def main() -> int:
    if not browsing.chromium():
        print("Aucun Chromium : le poids des pages et la carte ne seront PAS mesurés.")
    with throwaway_server() as server:
        databases = Databases(server)
        with step("Pôles réels"):
            real = databases.make_real()
            smaller = databases.make_empty()
        names: dict[int, str] = {}
        for size in SIZES:
            with step(f"{size} pôles fictifs"):
                names[size] = smaller = databases.make_size(size, smaller)
        with step("Fichiers statiques"):
            publish_static_files(server)
        with step("Pages"):
            measured, missing = measure_pages(server, databases, names)
        bars = list(page_bars(measured))
        seen: dict[str, object] = {}
        with step("Article 9"):
            seen["article_9"] = figures = composition_figures(server, names[LARGE])
        bars += composition_bars(figures)
        if browsing.chromium():
            with step("Navigateur"):
                more, by_browser = see_in_browser(server, {"real": real, "large": names[LARGE]})
                bars += more
                seen |= by_browser
    print(f"\n{report.method()}\n\n{report.page_table(measured)}\n\n{report.bar_table(bars)}")
    afresh = report.milliseconds(figures["facets_read_seconds"])
    print(f"Après une publication, chaque processus relit les facettes une fois : {afresh} ms.")
    for address in missing:
        print(f"Pas encore de page {address} : rien n’en est mesuré.")
    report.write_results(measured, bars, seen, _seconds, missing)
    return 0 if all(bar.passed for bar in bars) else 1


if __name__ == "__main__":
    sys.exit(main())
