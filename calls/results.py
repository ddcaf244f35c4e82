"""The table of results of a call: whom it retained, and, for its officers, every file."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from calls.letters.pdf import pdf_of
from calls.models import Application, Call, Decision, RegionalOpinion
from core.templatetags.french import day, euros
from territories.models import TerritoryKind

_RETAINED = {Decision.LAUREATE: "Lauréats", Decision.SUPPORTED: "Projets accompagnés"}
_ANSWERS = {True: "oui", False: "non", None: "à examiner"}


@dataclass(frozen=True)
class ResultsTable:
    """Words by row and column; ``amounts``: the columns of euros, counted from zero."""

    caption: str
    head: list[str]
    rows: list[list[str]]
    amounts: list[int] = field(default_factory=list)
    total: str = ""

    @property
    def columns(self) -> list[tuple[str, bool]]:
        """The head of each column, and whether it is one of euros."""
        return [(name, at in self.amounts) for at, name in enumerate(self.head)]

    @property
    def labelled(self) -> list[list[tuple[str, bool, str]]]:
        """Each cell with its column."""
        return [
            [(*column, cell) for column, cell in zip(self.columns, row, strict=True)]
            for row in self.rows
        ]


def result_files(files: QuerySet[Application]) -> QuerySet[Application]:
    """With all that the tables name, by wave, strand and pole."""
    return files.select_related(
        "pole__seat__region", "beneficiary", "wave", "strand", "call"
    ).order_by("wave__code", "strand__code", "pole__normalised_name", "pk")


def retained(files: Iterable[Application], *, public: bool = False) -> list[ResultsTable]:
    """The laureates, then the accompanied, of ``result_files``; a table that is empty is left out.

    ``public``: without the names that the State's register does not let be told.
    """
    by_decision = defaultdict(list)
    for file in files:
        by_decision[file.decision].append(file)
    return [
        _retained(caption, by_decision[decision], public)
        for decision, caption in _RETAINED.items()
        if by_decision[decision]
    ]


def _retained(caption: str, files: list[Application], public: bool) -> ResultsTable:
    waves, strands = any(f.wave for f in files), any(f.strand for f in files)
    parts = [name for name, shown in (("Vague", waves), ("Volet", strands)) if shown]
    head = ["Pôle", "Bénéficiaire", "Siège", "Région", *parts, "Montant"]
    rows = []
    for file in files:
        commune, region = _place(file)
        wave = [file.wave.name if file.wave else ""] if waves else []
        strand = [file.strand.name if file.strand else ""] if strands else []
        who = _beneficiary(file, public)
        rows.append([file.pole.name, who, commune, region, *wave, *strand, _amount(file)])
    known = [file.amount_eur for file in files if file.amount_eur is not None]
    total = f"{len(files)} dossier{'s' if len(files) > 1 else ''}"
    if known:
        of = "" if len(known) == len(files) else f" (pour {len(known)} d’entre eux)"
        total += f", {euros(sum(known, Decimal()))} engagés{of}"
    return ResultsTable(f"{caption}\u00a0: {len(files)}", head, rows, [len(head) - 1], f"{total}.")


def _beneficiary(file: Application, public: bool) -> str:
    if file.beneficiary is None:
        return ""
    return file.beneficiary.public_name if public else file.beneficiary.name


def _amount(file: Application) -> str:
    return euros(file.amount_eur) if file.amount_eur is not None else "–"


def _place(file: Application) -> tuple[str, str]:
    seat = file.pole.seat
    if seat is None:
        return "non renseignée", "non renseignée"
    if seat.kind == TerritoryKind.REGION:
        return "–", seat.name
    return seat.label, seat.region.name if seat.region else "non renseignée"


def every_file(files: Sequence[Application]) -> ResultsTable:
    """All files of ``result_files`` with what was concluded, said and decided; one statement."""
    opinions = defaultdict(list)
    given = RegionalOpinion.objects.filter(application__in=[file.pk for file in files])
    for each in given.select_related("network").order_by("rank", "network__name", "pk"):
        who = each.network.acronym or each.network.name
        rank = f", rang {each.rank}" if each.rank else ""
        opinions[each.application_id].append(f"{each.get_opinion_display()}{rank} ({who})")
    head = ["Pôle", "Dossier", "Vague, volet", "Recevable", "Éligible", "Avis", "Décision"]
    rows = [
        [
            file.pole.name,
            file.file_number or f"R-{file.pk}",
            ", ".join(part.name for part in (file.wave, file.strand) if part),
            _ANSWERS[file.admissible],
            _ANSWERS[file.eligible],
            "\u00a0; ".join(opinions[file.pk]) or _older_opinion(file),
            _decided(file),
            _amount(file),
        ]
        for file in files
    ]
    count = f"{len(files)} dossier{'s' if len(files) > 1 else ''}."
    return ResultsTable("Tous les dossiers", [*head, "Montant"], rows, [7], count)


def _older_opinion(file: Application) -> str:
    rank = f", rang {file.opinion_rank}" if file.opinion_rank else ""
    return f"{file.get_opinion_display()}{rank}" if file.opinion else "aucun"


def _decided(file: Application) -> str:
    if file.decision == Decision.UNKNOWN:
        return "à décider" if file.call.run_in_registry else "non connue"
    words = str(file.get_decision_display())
    return f"{words}, le {day(file.decided_on)}" if file.decided_on else words


def results_pdf(
    call: Call, title: str, said: Sequence[str], tables: Sequence[ResultsTable], today: date
) -> bytes:
    """The tables as tagged PDF, their heads repeated on each page; ``said``: what goes before."""
    return pdf_of(
        "results",
        {
            "title": title,
            "author": call.organiser or "Registre national des PTCE",
            "said": list(said),
            "tables": [_plain(table) for table in tables],
            "day": day(today),
            "date": [today.year, today.month, today.day],
        },
    )


def _plain(table: ResultsTable) -> dict[str, Any]:
    return {
        "caption": table.caption,
        "head": table.head,
        "rows": table.rows,
        "amounts": table.amounts,
        "total": table.total,
    }
