"""The members of a pole, and the poles of a member."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, Prefetch, Q

from directory.queries.calls import shown_applications
from members.kinds import OrganisationKind
from members.models import FactEvidence, Organisation, OrganisationFormerSlug, PublicationStatus
from poles.models import Membership, MembershipRole, Pole, RecordState


@dataclass(frozen=True)
class Members:
    """The members on a day: only the lead and the active ones take part in the strategy."""

    lead: list[Membership]
    active: list[tuple[str, list[Membership]]]
    partners: list[Membership]
    coming: list[Membership]
    former: list[Membership]
    # Nobody told since when: on an earlier day, they may have been members or not.
    unsure: list[Membership]
    rows: list[Membership]

    @property
    def taking_part(self) -> int:
        return len(self.lead) + sum(len(each) for _, each in self.active)

    @property
    def total(self) -> int:
        return len(self.rows)

    @property
    def undated(self) -> bool:
        """Whether no beginning is known at all: said once rather than for each."""
        shown = [*self.lead, *self.partners, *(one for _, each in self.active for one in each)]
        return bool(shown) and not any(each.begins_on for each in shown)


def members_of(pole: Pole, day: date, today: date) -> Members:
    """As of ``day``; one statement."""
    rows = list(
        Membership.objects.filter(pole=pole)
        .select_related("organisation")
        .order_by("organisation__normalised_name", "id")
    )
    members = Members([], [], [], [], [], [], rows)
    by_kind: dict[str, list[Membership]] = defaultdict(list)
    for row in rows:
        closed = row.organisation.closed_on
        if (row.ends_on and row.ends_on < day) or (closed and closed <= day):
            members.former.append(row)
        elif row.begins_on and row.begins_on > day:
            members.coming.append(row)
        elif row.begins_on is None and day < today:
            members.unsure.append(row)
        elif row.role == MembershipRole.PARTNER:
            members.partners.append(row)
        elif row.role == MembershipRole.LEAD:
            members.lead.append(row)
        else:
            by_kind[row.organisation.kind].append(row)
    members.active.extend(
        (kind.label, by_kind[kind]) for kind in OrganisationKind if kind in by_kind
    )
    return members


def shown_organisation(slug: str) -> Organisation | None:
    """An organisation that a public page tells of, with its memberships and the evidence.

    It is one of a published pole. One that the State's register does not let be named has no page:
    its address alone would name it. Three statements.
    """
    published = RecordState.PUBLISHED
    member = Membership.objects.filter(organisation=OuterRef("pk"), pole__record_state=published)
    itself = Pole.objects.filter(legal_person=OuterRef("pk"), record_state=published)
    helped = shown_applications().filter(beneficiary=OuterRef("pk"))
    return (
        Organisation.objects.filter(Q(Exists(member)) | Q(Exists(itself)) | Q(Exists(helped)))
        .filter(slug=slug, publication_status=PublicationStatus.DIFFUSIBLE)
        .select_related("seat")
        .prefetch_related(
            Prefetch(
                "memberships",
                Membership.objects.filter(pole__record_state=published)
                .select_related("pole__index")
                .order_by("pole__normalised_name", "begins_on", "id"),
            ),
            Prefetch(
                "poles_of_its_own",
                Pole.objects.published().select_related("index").order_by("normalised_name", "id"),
            ),
            Prefetch(
                "evidence",
                FactEvidence.objects.select_related("stated_by").order_by(
                    "aspect", F("stated_on").desc(nulls_last=True), "id"
                ),
            ),
        )
        .order_by()
        .first()
    )


def today_address(slug: str) -> str | None:
    """The address that an organisation has now, if it had this one before and may be named."""
    return (
        OrganisationFormerSlug.objects.filter(
            slug=slug, organisation__publication_status=PublicationStatus.DIFFUSIBLE
        )
        .order_by()
        .values_list("organisation__slug", flat=True)
        .first()
    )
