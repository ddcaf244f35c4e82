"""Totals that others announced. They conflict, so the registry shows them beside its own."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Announced:
    numbers: tuple[int, ...]
    origin: str


# Press releases of 2021 to 2025 mix poles that declare themselves, poles that a network
# accompanies and laureates; hence the spread.
POLES = Announced((56, 74, 130, 140, 160, 218), "selon les communiqués, de 2021 à 2025")
