"""What a load did, row by row and column by column, for tests and for the screen."""

from collections import Counter
from dataclasses import dataclass, field

from core.tables import Table


@dataclass(frozen=True)
class Refusal:
    file: str
    line: int
    name: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}, ligne {self.line} ({self.name or 'sans nom'}) : {self.reason}"


@dataclass(frozen=True)
class Note:
    """Something of a row that was not taken, or not as it stands."""

    line: int
    name: str
    text: str

    def __str__(self) -> str:
        return f"ligne {self.line} ({self.name}) : {self.text}"


@dataclass
class FileReport:
    read: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    left: list[str] = field(default_factory=list)
    """Names of the records that someone has changed since: the load does not touch them."""

    def count(self, outcome: str, name: str) -> None:
        if outcome == "left":
            self.left.append(name)
        else:
            setattr(self, outcome, getattr(self, outcome) + 1)


@dataclass
class RegistryReport:
    poles: FileReport = field(default_factory=FileReport)
    calls: FileReport = field(default_factory=FileReport)
    networks: FileReport = field(default_factory=FileReport)
    organisations: FileReport = field(default_factory=FileReport)
    refused: list[Refusal] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    empty: dict[str, dict[str, int]] = field(default_factory=dict)
    """For each file and column, the rows that say nothing there."""
    unmapped_themes: Counter[str] = field(default_factory=Counter)
    unmapped_types: Counter[str] = field(default_factory=Counter)
    unmapped_statuses: Counter[str] = field(default_factory=Counter)
    unmapped_outcomes: Counter[str] = field(default_factory=Counter)
    other_calls: list[str] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)
    seats: Counter[str] = field(default_factory=Counter)
    roles: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    maturities: Counter[str] = field(default_factory=Counter)

    @property
    def moved(self) -> int:
        return sum(
            part.created + part.changed
            for part in (self.poles, self.calls, self.networks, self.organisations)
        )

    def count_empty(self, table: Table) -> None:
        columns = table.rows[0].cells
        self.empty[table.name] = {
            column: sum(not row[column] for row in table.rows) for column in columns
        }


def describe(report: RegistryReport) -> str:
    heads = "".join(
        f"{head:>11}" for head in ("lus", "créés", "modifiés", "inchangés", "laissés", "refusés")
    )
    lines = [f"{'Registre':<14}{heads}"]
    for label, file, part in (
        ("réseaux", "networks.csv", report.networks),
        ("appels", "calls.csv", report.calls),
        ("organisations", "", report.organisations),
        ("pôles", "poles.csv", report.poles),
    ):
        numbers = (
            part.read,
            part.created,
            part.changed,
            part.unchanged,
            len(part.left),
            sum(refusal.file == file for refusal in report.refused),
        )
        lines.append(f"{label:<14}" + "".join(f"{number:>11}" for number in numbers))
    lines += _distribution("Siège connu à la précision", report.seats)
    lines += _distribution("Maturité", report.maturities)
    lines += _distribution("Participations", report.roles)
    lines += _distribution("Nature des organisations", report.kinds)
    for file, columns in report.empty.items():
        lines += ["", f"Restés inconnus dans {file}, colonne par colonne :"]
        width = max(len(column) for column in columns)
        lines += [f"  {column:<{width}}{number:>6}" for column, number in columns.items() if number]
    lines += _counted("Thèmes hors de la liste, gardés en mots", report.unmapped_themes)
    lines += _counted("Types de membre inconnus de la table", report.unmapped_types)
    lines += _counted("Mots de statut inconnus de la table", report.unmapped_statuses)
    lines += _counted("Issues d’appel inconnues de la table", report.unmapped_outcomes)
    lines += _listed("Appels connus par leur seul nom", report.other_calls)
    lines += _listed("Colonnes inconnues, ignorées", report.unknown_columns)
    left = [
        name
        for part in (report.networks, report.calls, report.organisations, report.poles)
        for name in part.left
    ]
    lines += _listed("Modifiés à la main depuis, laissés tels quels", left)
    lines += _listed("À lire", [str(note) for note in report.notes])
    lines += _listed("Lignes refusées", [str(refusal) for refusal in report.refused])
    return "\n".join(lines)


def _distribution(title: str, counted: Counter[str]) -> list[str]:
    if not counted:
        return []
    return [
        f"{title} : "
        + ", ".join(f"{label} {number}" for label, number in counted.most_common())
        + "."
    ]


def _counted(title: str, words: Counter[str]) -> list[str]:
    return _listed(
        title,
        [f"{word} ({number})" if number > 1 else word for word, number in sorted(words.items())],
    )


def _listed(title: str, items: list[str]) -> list[str]:
    if not items:
        return []
    return ["", f"{title} ({len(items)}) :", *(f"  {item}" for item in items)]
