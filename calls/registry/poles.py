"""Writes the poles with what belongs to them; never a record that someone has changed since."""

from collections import defaultdict
from typing import Any

from django.db.models import Q

from calls.models import Application, Call, Strand
from calls.registry.organisations import Organisations
from calls.registry.plan import Plan, PlannedPole
from calls.registry.reading import RowRefusedError
from calls.registry.report import Refusal, RegistryReport
from calls.registry.rows import assign, row_savepoint
from core.history import written_by_hand
from core.text import normalise, slug_of
from poles.models import (
    Membership,
    MembershipRole,
    Pole,
    PoleFormerSlug,
    PoleSource,
    PoleTheme,
    RecordState,
    Theme,
)
from territories.models import Territory, TerritoryKind


class PoleWriter:
    def __init__(self, plan: Plan, themes: dict[str, Theme], organisations: Organisations) -> None:
        self.plan = plan
        self.themes = themes
        self.organisations = organisations
        self.by_hand = written_by_hand(Pole) | written_by_hand(PoleSource, "pole_id")
        self.applications_by_hand = written_by_hand(Application)
        self.deleted_slugs = set(
            Pole.pgh_event_model.objects.filter(pgh_label="delete")  # type: ignore[attr-defined]
            .exclude(pgh_context__metadata__has_key="command")
            .values_list("slug", flat=True)
        )
        self.former = dict(PoleFormerSlug.objects.values_list("slug", "pole_id"))
        self.taken = set(Pole.objects.values_list("slug", flat=True)) | set(self.former)
        calls = list(Call.objects.all())
        self.calls = {call.code: call for call in calls}
        self.calls_by_name = {normalise(call.name): call for call in calls}
        self.strands = {(strand.call_id, strand.code): strand for strand in Strand.objects.all()}
        self.matched = self._match()
        self.members = self._owned(Membership)
        self.sources = self._owned(PoleSource)
        self.pole_themes = self._owned(PoleTheme)
        self.applications = self._owned(Application)

    def write(self, report: RegistryReport, file: str) -> list[Refusal]:
        """Writes each row on its own; those that the database refuses are undone and returned."""
        refused = []
        for planned in self.plan.poles:
            pole = self.matched.get(planned.line)
            try:
                if self._is_left(planned, pole):
                    outcome = "left"
                else:
                    self._check_people(planned)
                    with row_savepoint():
                        outcome = self._write(planned, pole)
            except RowRefusedError as error:
                refused.append(Refusal(file, planned.line, planned.name, str(error)))
                continue
            report.poles.count(outcome, planned.name)
        return refused

    def _match(self) -> dict[int, Pole]:
        """The record of each row: by its name in its région, else by the address it once had."""
        slugs = {planned.line: slug_of(planned.name, set()) for planned in self.plan.poles}
        names = {normalise(planned.name) for planned in self.plan.poles}
        formerly = {self.former[slug] for slug in slugs.values() if slug in self.former}
        poles = Pole.objects.filter(
            Q(normalised_name__in=names) | Q(slug__in=slugs.values()) | Q(pk__in=formerly)
        )
        by_name: dict[str, list[Pole]] = defaultdict(list)
        by_slug: dict[str, Pole] = {}
        by_pk: dict[int, Pole] = {}
        for pole in poles.select_related("seat", "legal_person").order_by("id"):
            by_name[normalise(pole.name)].append(pole)
            by_slug[pole.slug] = by_pk[pole.pk] = pole
        matched: dict[int, Pole] = {}
        claimed: set[int] = set()
        for fits in (_same_region, _compatible_region):
            for planned in self.plan.poles:
                for pole in by_name[normalise(planned.name)]:
                    taken = planned.line in matched or pole.pk in claimed
                    if not taken and fits(pole.seat, planned.seat):
                        matched[planned.line] = pole
                        claimed.add(pole.pk)
        for line, slug in slugs.items():
            renamed = by_slug.get(slug) or by_pk.get(self.former.get(slug, 0))
            # Only a person renames a record.
            if line not in matched and renamed and renamed.pk in self.by_hand - claimed:
                matched[line] = renamed
                claimed.add(renamed.pk)
        return matched

    def _owned(self, model: Any) -> dict[int | None, list[Any]]:
        """The rows of ``model`` that belong to each matched pole."""
        rows: dict[int | None, list[Any]] = defaultdict(list)
        poles = [pole.pk for pole in self.matched.values()]
        for row in model.objects.filter(pole__in=poles).order_by("id"):
            rows[row.pole_id].append(row)
        return rows

    def _is_left(self, planned: PlannedPole, pole: Pole | None) -> bool:
        if pole is None:
            return slug_of(planned.name, set()) in self.deleted_slugs
        return pole.pk in self.by_hand

    def _check_people(self, planned: PlannedPole) -> None:
        named = {member.key for member in planned.members} | {planned.own_person}
        if named & self.organisations.ambiguous:
            names = ", ".join(sorted(named & self.organisations.ambiguous))
            raise RowRefusedError(f"plusieurs organisations du registre portent ce nom : {names}")

    def _write(self, planned: PlannedPole, pole: Pole | None) -> str:
        created = pole is None
        if pole is None:
            pole = Pole(slug=slug_of(planned.name, self.taken), record_state=RecordState.PUBLISHED)
        values = dict(planned.fields)
        if planned.seat:
            values["seat"] = planned.seat
        if planned.own_person or "lead_words" in values:
            values["legal_person"] = self.organisations.by_key.get(planned.own_person)
        wanted = {self.organisations.by_key[member.key].pk: member for member in planned.members}
        people_given = bool(wanted or planned.own_person)
        leaving = [
            membership
            for membership in self.members[pole.pk]
            if people_given and membership.organisation_id not in wanted
        ]
        if leaving:
            Membership.objects.filter(pk__in=[membership.pk for membership in leaving]).delete()
            pole.refresh_from_db(fields=["version"])
        moved = assign(pole, values) or bool(leaving)
        if created or moved:
            pole.save()
        moved |= self._write_members(pole, wanted)
        moved |= self._write_themes(pole, planned)
        moved |= self._write_sources(pole, planned)
        moved |= self._write_applications(pole, planned)
        self.taken.add(pole.slug)
        return "created" if created else "changed" if moved else "unchanged"

    def _write_members(self, pole: Pole, wanted: dict[int, Any]) -> bool:
        known = {membership.organisation_id: membership for membership in self.members[pole.pk]}
        new, changed = [], []
        for organisation_id, member in wanted.items():
            values = {"role": member.role, "source_words": member.words}
            membership = known.get(organisation_id)
            if membership is None:
                new.append(Membership(pole=pole, organisation_id=organisation_id, **values))
            elif assign(membership, values):
                changed.append(membership)
        # A pole has one lead at a time: the former gives the place up first.
        for membership in sorted(changed, key=lambda m: m.role == MembershipRole.LEAD):
            membership.save()
        if new:
            Membership.objects.bulk_create(new)
        return bool(new or changed)

    def _write_themes(self, pole: Pole, planned: PlannedPole) -> bool:
        if "theme_words" not in planned.fields:
            return False
        wanted = [self.themes[slug] for slug in planned.themes]
        known = {link.theme_id: link.pk for link in self.pole_themes[pole.pk]}
        new = [PoleTheme(pole=pole, theme=theme) for theme in wanted if theme.pk not in known]
        stale = [pk for theme_id, pk in known.items() if theme_id not in {t.pk for t in wanted}]
        if stale:
            PoleTheme.objects.filter(pk__in=stale).delete()
        if new:
            PoleTheme.objects.bulk_create(new)
        return bool(new or stale)

    def _write_sources(self, pole: Pole, planned: PlannedPole) -> bool:
        known = {source.url for source in self.sources[pole.pk]}
        new = [PoleSource(pole=pole, url=url) for url in planned.sources if url not in known]
        if new:
            PoleSource.objects.bulk_create(new)
        return bool(new)

    def _write_applications(self, pole: Pole, planned: PlannedPole) -> bool:
        """What an officer wrote stays; a call that the file no longer names goes."""
        if not planned.applications:
            return False
        known = {(row.call_id, row.strand_id): row for row in self.applications[pole.pk]}
        new, moved = [], False
        for application in planned.applications:
            call = (
                self.calls.get(application.call) or self.calls_by_name[normalise(application.name)]
            )
            strand = self.strands[call.pk, application.strand[0]] if application.strand else None
            values = {
                "decision": application.decision,
                "decision_words": application.words,
                "amount_eur": application.amount,
                "imported": True,
            }
            row = known.pop((call.pk, strand.pk if strand else None), None)
            if row is None:
                new.append(Application(pole=pole, call=call, strand=strand, **values))
            elif row.pk not in self.applications_by_hand and assign(row, values):
                row.save()
                moved = True
        stale = [
            row.pk
            for row in known.values()
            if row.imported and row.pk not in self.applications_by_hand
        ]
        if stale:
            Application.objects.filter(pk__in=stale).delete()
        if new:
            Application.objects.bulk_create(new)
        return bool(new or stale or moved)


def _same_region(known: Territory | None, planned: Territory | None) -> bool:
    return _region_id(known) == _region_id(planned)


def _compatible_region(known: Territory | None, planned: Territory | None) -> bool:
    """Whether two seats may be the same pole's: an unknown one contradicts nothing."""
    return known is None or planned is None or _same_region(known, planned)


def _region_id(seat: Territory | None) -> int | None:
    if seat is None:
        return None
    return seat.pk if seat.kind == TerritoryKind.REGION else seat.region_id
