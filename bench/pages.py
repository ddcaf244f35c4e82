"""What is measured."""

from dataclasses import dataclass

from bench.site import Databases


@dataclass(frozen=True)
class Page:
    """A page, by which bars it is judged, and whether what it shows grows with the registry."""

    name: str
    label: str
    address: str
    facets: bool = False
    grows: bool = False


def pages(databases: Databases, database: str) -> list[Page]:
    """The same poles at every size: made-up pole 7 is the same on every machine."""
    pole = databases.value(
        database, "SELECT slug FROM catalogue_poleindex WHERE slug LIKE 'fictif-%-7'"
    )
    member = databases.value(
        database,
        "SELECT o.slug FROM members_organisation o JOIN poles_membership m"
        " ON m.organisation_id = o.id JOIN poles_pole p ON p.id = m.pole_id"
        f" WHERE p.slug = '{pole}' AND m.role = 'porteur'",
    )
    theme = databases.value(database, "SELECT slug FROM poles_theme ORDER BY position, slug")
    return [
        Page("map-data", "Données de la carte", "/carte/poles.geojson", grows=True),
        Page("list", "Liste et facettes", "/poles/", facets=True),
        Page(
            "list-filtered",
            "Liste filtrée",
            f"/poles/?theme={theme}&maturite=existant",
            facets=True,
        ),
        Page("search", "Recherche", "/poles/?q=alimentation+durable", facets=True),
        Page("search-error", "Recherche, avec faute", "/poles/?q=alimentaton+durable", facets=True),
        Page("map", "Carte", "/carte/", facets=True),
        Page("home", "Accueil", "/"),
        Page("pole", "Page d’un pôle", f"/poles/{pole}/"),
        Page("region", "Page d’une région", "/regions/bretagne/"),
        Page("departement", "Page d’un département", "/departements/35/"),
        Page("member", "Page d’un membre", f"/membres/{member}/"),
    ]
