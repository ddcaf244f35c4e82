"""The main menu, and which of its entries a page belongs to."""

from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True)
class Entry:
    name: str
    label: str
    # Addresses that are the entry's too, though they do not begin with its own.
    also: tuple[str, ...] = ()


ENTRIES = (
    Entry("home", "Accueil"),
    Entry("map", "Carte"),
    Entry("pole-list", "Liste des pôles", also=("/membres/",)),
    Entry("region-list", "Régions", also=("/departements/", "/communes/")),
    Entry("call-list", "Appels à projets"),
    Entry("understand", "Comprendre"),
    Entry("article9", "L’article 9"),
)


def menu(path: str | None) -> list[dict[str, str]]:
    """The entries for a page; ``current`` is what ``aria-current`` says of each, or nothing."""
    items = []
    for entry in ENTRIES:
        url = reverse(f"directory:{entry.name}")
        current = ""
        if path == url:
            current = "page"
        elif path and entry.name != "home" and path.startswith((url, *entry.also)):
            current = "true"
        items.append({"url": url, "label": entry.label, "current": current})
    return items
