"""The rows of the members' form as a page shows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.forms.boundfield import BoundField
from django.utils import timezone

from members.creating import stated_of, unit_of
from members.finding import Likely
from members.kinds import FACT_LABELS, OrganisationKind
from members.models import Organisation, PublicationStatus
from members.register import Claim, propose
from poles.composition import organisation_facts
from poles.models import MembershipRole
from workspace.sections.lines import Line

if TYPE_CHECKING:
    from workspace.sections.members import MembersForm

_WORDS = {True: "oui", False: "non"}


@dataclass(frozen=True)
class MemberLine(Line):
    """``facts``: what is known of the organisation; ``proposed``: what the State's register says
    of one that is to be made, and why.
    """

    organisation: Organisation | None
    over: bool
    facts: list[str]
    likely: list[Likely]
    proposed: list[str]

    @property
    def masked(self) -> bool:
        known = self.organisation
        return known is not None and known.publication_status == PublicationStatus.PARTIAL

    @property
    def described(self) -> bool:
        """Whether the organisation itself is to be made."""
        return self.new and self.organisation is None

    @property
    def stated(self) -> bool:
        """Whether something is said of its facts, or wrongly."""
        return any(field.value() or field.errors for field in self.asked)

    @property
    def asked(self) -> list[BoundField]:
        """The fields of what is asked of an organisation that is to be made."""
        return [self.fields[fact] for fact in FACT_LABELS]


def lines_of(form: "MembersForm") -> list[MemberLine]:
    """The lead, the active members, the partners; then those that have left; then the new ones."""
    today = timezone.localdate().isoformat()
    typed = form.changed_data if form.is_bound else form.mine
    changed = {name.rpartition("-")[2] for name in typed}
    lines = [_line(form, row, today, row in changed) for row in form.rows if row not in form.new]
    order = {role.value: place for place, role in enumerate(MembershipRole)}
    lines.sort(
        key=lambda each: (each.over, order[_saved_role(form, each.row)], each.name.casefold())
    )
    return [*lines, *(_line(form, row, today, False) for row in form.new)]


def _saved_role(form: "MembersForm", row: str) -> str:
    return str(form.saved_rows[row].get("role") or MembershipRole.PARTNER)


def _line(form: "MembersForm", row: str, today: str, changed: bool) -> MemberLine:
    value = form.saved_rows.get(row, {})
    organisation = form.organisation_of(row)
    fields = form.bound(row)
    described: dict[str, Any] = {} if organisation or row not in form.new else form.described(row)
    role = str(fields["role"].value() or MembershipRole.ACTIVE)
    role_words = str(MembershipRole(role).label) if role in MembershipRole.values else ""
    kind = _kind(organisation, described)
    period = _period(str(fields["depuis"].value() or ""), str(fields["jusqua"].value() or ""))
    return MemberLine(
        row=row,
        told="\u00a0· ".join(filter(None, [role_words, kind, period])),
        name=form.name_of(row) or "Nouvelle organisation",
        organisation=organisation,
        new=row in form.new,
        changed=changed,
        over=bool(value.get("ends_on")) and str(value["ends_on"]) < today,
        facts=_facts(organisation),
        fields=fields,
        likely=form.doubles.get(row, []),
        proposed=_proposed(described),
    )


def _period(begins: str, ends: str) -> str:
    if begins and ends:
        return f"de {begins} à {ends}"
    if ends:
        return f"jusqu’à {ends}"
    return f"depuis {begins}" if begins else ""


def _kind(organisation: Organisation | None, described: Mapping[str, Any]) -> str:
    if organisation is not None:
        return str(organisation.get_kind_display())
    if described:
        return str(OrganisationKind(stated_of(described)["kind"]).label)
    return ""


def _facts(organisation: Organisation | None) -> list[str]:
    if organisation is None:
        return []
    known = organisation_facts(organisation)
    return [
        f"{FACT_LABELS[fact]}\u00a0: {_WORDS[value]}"
        for fact, value in known.items()
        if value is not None
    ]


def _proposed(described: Mapping[str, Any]) -> list[str]:
    unit = unit_of(described.get("unit"))
    return [_claim(aspect, claim) for aspect, claim in propose(unit).items()] if unit else []


def _claim(aspect: str, claim: Claim) -> str:
    if aspect == "kind":
        said = f"nature\u00a0: {OrganisationKind(str(claim.value)).label}"
    else:
        said = f"{FACT_LABELS[aspect]}\u00a0: {_WORDS[bool(claim.value)]}"
    doubt = "" if claim.certain else "\u00a0; à vous de le confirmer"
    return f"{said} ({claim.reason}{doubt})"
