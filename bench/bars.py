"""The bars of design.md, each beside what was measured."""

from collections.abc import Iterator
from dataclasses import dataclass

from bench.measure import PageAtSize
from bench.pages import Page

SIZES = (100, 1_000, 10_000)
SMALL, MIDDLE, LARGE = SIZES

MOST_TO_RENDER = 2.5
LEAST_OF_BYTES = 0.9
MOST_GROWTH = 1.5
MOST_STATEMENTS = 8
MOST_REAL_BYTES = 400_000
MOST_ADDED_BYTES = 350_000
MOST_CLUSTER_SECONDS = 1.0
LEAST_VERDICTS_A_SECOND = 10_000
MOST_TO_SAVE = 2.0


@dataclass(frozen=True)
class Bar:
    """One figure against its bar; ``unit`` says how it is written."""

    what: str
    figure: float
    limit: float
    at_least: bool = False
    unit: str = ""

    @property
    def passed(self) -> bool:
        return self.figure >= self.limit if self.at_least else self.figure <= self.limit


@dataclass
class Measured:
    """A page at every size, and what was seen from inside at each."""

    page: Page
    at: dict[int, PageAtSize]
    statements: dict[int, int]
    facets_seconds: dict[int, float]

    def apart_from_facets(self, size: int) -> float:
        return self.at[size].timings.seconds("fresh") - self.facets_seconds[size]

    @property
    def growth(self) -> float:
        """How many times the time of the smallest size the largest takes, facets apart."""
        return self.apart_from_facets(LARGE) / self.apart_from_facets(SMALL)

    @property
    def growth_at_one_length(self) -> float:
        """The same, had the page been as long among few poles as it is among many.

        Of a hundred poles a filter or a région keeps a handful, of ten thousand a whole page: what
        the template alone takes more for that is added to the time of the smallest size.
        """
        longer = self.at[LARGE].timings.seconds("render") - self.at[SMALL].timings.seconds("render")
        return self.apart_from_facets(LARGE) / (self.apart_from_facets(SMALL) + max(0.0, longer))


def page_bars(measured: list[Measured]) -> Iterator[Bar]:
    for each in measured:
        label, timings = each.page.label, each.at[LARGE].timings
        yield Bar(
            f"{label}, redemandée : débit, en part du plancher des octets",
            1 / timings.ratio("again", "bytes"),
            LEAST_OF_BYTES,
            at_least=True,
        )
        if each.page.facets:
            yield Bar(
                f"{label}, calculée : temps, en multiple du plancher du rendu",
                timings.ratio("fresh", "render"),
                MOST_TO_RENDER,
            )
        yield from _growth(each)
        yield Bar(f"{label} : requêtes SQL", each.statements[LARGE], MOST_STATEMENTS)
        yield Bar(
            f"{label} : requêtes SQL de plus qu’à {SMALL} pôles",
            abs(each.statements[LARGE] - each.statements[SMALL]),
            0,
        )


def _growth(each: Measured) -> Iterator[Bar]:
    label = each.page.label
    if not each.page.grows:
        apart = ", facettes à part" if each.page.facets else ""
        raw = f"{each.growth:.2f}".replace(".", ",")
        yield Bar(
            f"{label} : temps à {LARGE} pôles, en multiple de {SMALL}{apart}, à longueur égale "
            f"(brut : {raw})",
            each.growth_at_one_length,
            MOST_GROWTH,
        )
        return
    for small in (SMALL, MIDDLE):
        yield Bar(
            f"{label} : temps à {LARGE} pôles, en multiple de {small}",
            each.apart_from_facets(LARGE) / each.apart_from_facets(small),
            LARGE / small,
        )


def browser_bars(
    weights: dict[str, dict[str, int]], large: dict[str, dict[str, int]], seconds: float
) -> Iterator[Bar]:
    for label, fetched in weights.items():
        real = sum(fetched.values())
        yield Bar(f"{label}, pôles réels : octets reçus", real, MOST_REAL_BYTES, unit="ko")
        yield Bar(
            f"{label} : octets de plus avec {LARGE} pôles",
            sum(large[label].values()) - real,
            MOST_ADDED_BYTES,
            unit="ko",
        )
    yield Bar(
        f"Carte, {LARGE} pôles : premiers groupes à l’écran",
        seconds,
        MOST_CLUSTER_SECONDS,
        unit="s",
    )


def composition_bars(figures: dict[str, float]) -> Iterator[Bar]:
    yield Bar(
        "Article 9 : verdicts par seconde, en Python",
        figures["python_verdicts_a_second"],
        LEAST_VERDICTS_A_SECOND,
        at_least=True,
    )
    for way, words in (("together", "ensemble"), ("one_by_one", "une à une")):
        yield Bar(
            f"Article 9 : 1000 participations de 100 pôles, enregistrées {words}, "
            "en multiple du temps sans les déclencheurs",
            figures[f"saving_{way}"],
            MOST_TO_SAVE,
        )
