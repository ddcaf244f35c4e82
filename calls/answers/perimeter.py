"""A perimeter as an officer picks it: rows of the database, their codes, and their words."""

from dataclasses import dataclass

from calls.answers.facts import Perimeter
from calls.models import Call, ParliamentaryAnswer
from poles.models import Theme
from territories.models import Territory


@dataclass(frozen=True)
class Where:
    """None for all; a ``departement`` brings its ``region``."""

    region: Territory | None = None
    departement: Territory | None = None
    call: Call | None = None
    theme: Theme | None = None

    @classmethod
    def of(cls, kept: ParliamentaryAnswer) -> "Where":
        return cls(kept.region, kept.departement, kept.call, kept.theme)

    @property
    def columns(self) -> dict[str, int | None]:
        """As the table of answers keeps it."""
        chosen = {
            "region_id": self.region,
            "departement_id": self.departement,
            "call_id": self.call,
            "theme_id": self.theme,
        }
        return {name: None if each is None else each.pk for name, each in chosen.items()}

    @property
    def codes(self) -> Perimeter:
        return Perimeter(
            self.region.code if self.region else None,
            self.departement.code if self.departement else None,
            self.call.pk if self.call else None,
            self.theme.slug if self.theme else None,
        )

    @property
    def name(self) -> str:
        """As a list of answers names it."""
        if self.departement is not None:
            parts = [f"Département {self.departement.name} ({self.departement.code})"]
        elif self.region is not None:
            parts = [f"Région {self.region.name}"]
        else:
            parts = ["France entière"]
        parts += [f"appel «\u00a0{self.call.name}\u00a0»"] if self.call else []
        parts += [f"thème «\u00a0{self.theme.name}\u00a0»"] if self.theme else []
        return ", ".join(parts)

    @property
    def sentence(self) -> str:
        """As a sentence says it, after its day."""
        parts = [f"pour l’appel «\u00a0{self.call.name}\u00a0»"] if self.call else []
        parts += [f"pour le thème «\u00a0{self.theme.name}\u00a0»"] if self.theme else []
        if self.departement is not None:
            parts.append(f"dans le département {self.departement.name} ({self.departement.code})")
        elif self.region is not None:
            parts.append(f"dans la région {self.region.name}")
        elif not parts:
            parts.append("dans toute la France")
        return ", ".join(parts)
