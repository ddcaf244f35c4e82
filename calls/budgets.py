"""What is engaged of each envelope, and what is left of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from calls.models import Application, Call, Strand, Wave


@dataclass(frozen=True)
class Budget:
    """An envelope in euros: of the call, or of one of its waves or strands.

    ``part``: how a page tells which applications count in it: "", ``wave-3`` or ``strand-2``.
    """

    name: str
    envelope: Decimal
    engaged: Decimal
    part: str = ""

    @property
    def left(self) -> Decimal:
        return self.envelope - self.engaged


def budgets(
    call: Call,
    waves: Iterable[Wave],
    strands: Iterable[Strand],
    applications: Iterable[Application],
) -> list[Budget]:
    """Of each envelope that was given, what all the ``applications`` of the call engage."""
    rows = [row for row in applications if row.amount_eur]
    found = []
    if call.envelope_eur is not None:
        found.append(Budget("L’appel", call.envelope_eur, _sum(rows)))
    for wave in waves:
        if wave.envelope_eur is not None:
            counted = [row for row in rows if row.wave_id == wave.pk]
            found.append(Budget(wave.name, wave.envelope_eur, _sum(counted), f"wave-{wave.pk}"))
    for strand in strands:
        if strand.envelope_eur is not None:
            counted = [row for row in rows if row.strand_id == strand.pk]
            found.append(
                Budget(strand.name, strand.envelope_eur, _sum(counted), f"strand-{strand.pk}")
            )
    return found


def _sum(rows: Iterable[Application]) -> Decimal:
    return sum((row.amount_eur for row in rows if row.amount_eur), Decimal())
