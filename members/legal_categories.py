"""What a legal category of INSEE (catégorie juridique) says of an organisation."""

from dataclasses import dataclass

from members.kinds import OrganisationKind


def _codes(*spans: int | tuple[int, int]) -> frozenset[str]:
    found: set[str] = set()
    for span in spans:
        first, last = span if isinstance(span, tuple) else (span, span)
        found.update(f"{code:04d}" for code in range(first, last + 1))
    return frozenset(found)


_ASSOCIATIONS = _codes(9210, (9220, 9224), 9230, 9260, 5195)
_COOPERATIVES = _codes(
    (5192, 5194), 5196, 5203, 5307, 5309, 5443, 5451, (5453, 5455), (5458, 5460), 5543, 5547,
    (5551, 5555), (5558, 5560), 5643, 5647, (5651, 5655), (5658, 5660), 6100, (6316, 6318), 6543,
    6551, 6554, 6558, 6560, 6595, 6596,
)  # fmt: skip
_MUTUALS = _codes(8210, 8250, 8290, 6411)
_FOUNDATIONS = _codes(9300)
_AUTHORITIES = _codes(7210, 7220, 7225, 7229, 7230)
_GROUPINGS = _codes(7340, (7343, 7349), (7351, 7357))
_HIGHER_EDUCATION = _codes(7383, 7384)

_CERTAIN = (
    (_ASSOCIATIONS, OrganisationKind.ASSOCIATION, "une association"),
    (_COOPERATIVES, OrganisationKind.ESS, "une coopérative"),
    (_MUTUALS, OrganisationKind.ESS, "une mutuelle"),
    (_FOUNDATIONS, OrganisationKind.ESS, "une fondation"),
    (_AUTHORITIES, OrganisationKind.AUTHORITY, "une collectivité territoriale"),
    (_GROUPINGS, OrganisationKind.AUTHORITY, "un groupement de collectivités"),
    (_HIGHER_EDUCATION, OrganisationKind.RESEARCH, "un établissement d’enseignement supérieur"),
)


@dataclass(frozen=True)
class Category:
    """The kind that a code gives, and whether for certain; ``words`` say what it is."""

    kind: OrganisationKind | None
    certain: bool
    words: str


def category(code: str) -> Category:
    """``code``: four digits, or empty where the register gives none."""
    for codes, kind, words in _CERTAIN:
        if code in codes:
            return Category(kind, certain=True, words=words)
    if code == "5710":
        # The same code for every SAS, be it a SCOP or a SCIC.
        words = "une SAS, qui peut être une SCOP ou une SCIC"
        return Category(OrganisationKind.COMMERCIAL, certain=False, words=words)
    if code == "1000":
        return Category(
            OrganisationKind.COMMERCIAL, certain=False, words="un entrepreneur individuel"
        )
    if code.startswith(("5", "65")) or code == "6220":
        return Category(OrganisationKind.COMMERCIAL, certain=False, words="une société ou un GIE")
    return Category(None, certain=False, words="")


def is_legal_person(code: str) -> bool | None:
    """1xxx is a natural person, 2xxx has no legal personality; unknown without a code."""
    return code[0] not in "12" if code else None
