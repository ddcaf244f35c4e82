from itertools import combinations
from typing import Any

from django import forms
from django.db import connection

from core.admin import RegistryForm, RegistryStacked, RegistryTabular, RowForm, RowFormSet
from poles.models import (
    Membership,
    MembershipRole,
    PoleCoverage,
    PoleFigures,
    PoleNetwork,
    PoleProject,
    PoleSource,
    PoleTheme,
    Pooled,
)


class PooledForm(RegistryForm):
    """What is pooled is chosen from a list."""

    pooled = forms.MultipleChoiceField(
        label="Ce qui est mis en commun",
        choices=Pooled.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class ProjectRowForm(PooledForm, RowForm):
    pass


class MembershipForm(RowForm):
    def validate_constraints(self) -> None:
        # The rows of one page are compared with one another: the database still holds the lead
        # that this very page ends.
        exclude = {*self._get_validation_exclusions(), "pole"}  # type: ignore[attr-defined]
        try:
            self.instance.validate_constraints(exclude=exclude)
        except forms.ValidationError as error:
            self._update_errors(error)  # type: ignore[attr-defined]


class MembershipFormSet(RowFormSet):
    def clean(self) -> None:
        super().clean()
        kept = [row for row in self.forms if self._is_kept(row)]
        for one, other in combinations(kept, 2):
            if not _overlap(one.instance, other.instance):
                continue
            same = one.instance.organisation_id == other.instance.organisation_id
            leads = {one.instance.role, other.instance.role} == {MembershipRole.LEAD}
            for wrong, name in ((same, "no_overlap"), (leads, "one_lead")):
                if wrong:
                    other.add_error(None, _message(f"poles_membership_{name}"))

    def _is_kept(self, row: Any) -> bool:
        return (
            row.is_valid()
            and bool(row.instance.organisation_id)
            and not self._should_delete_form(row)  # type: ignore[attr-defined]
        )

    def is_valid(self) -> bool:
        # The comparison above adds to the errors of rows that were already counted as right.
        return super().is_valid() and not any(row.errors for row in self.forms)

    def save(self, commit: bool = True) -> Any:
        # Two rows that exchange their roles overlap until both are written.
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS poles_membership_one_lead DEFERRED")
            cursor.execute("SET CONSTRAINTS poles_membership_no_overlap DEFERRED")
        return super().save(commit)


def _overlap(one: Membership, other: Membership) -> bool:
    starts = [m.begins_on for m in (one, other) if m.begins_on]
    ends = [m.ends_on for m in (one, other) if m.ends_on]
    return not starts or not ends or max(starts) <= min(ends)


def _message(name: str) -> str:
    named = {c.name: c for c in Membership._meta.constraints}
    return str(named[name].violation_error_message)


class MembershipInline(RegistryTabular):
    model = Membership
    form = MembershipForm
    formset = MembershipFormSet
    fields = ("organisation", "role", "begins_on", "ends_on", "source_words")
    autocomplete_fields = ("organisation",)
    verbose_name = "membre ou partenaire"
    verbose_name_plural = "membres et partenaires"


class ThemeInline(RegistryTabular):
    model = PoleTheme
    autocomplete_fields = ("theme",)
    verbose_name = "thème"
    verbose_name_plural = "thèmes"


class CoverageInline(RegistryTabular):
    model = PoleCoverage
    autocomplete_fields = ("territory",)


class NetworkInline(RegistryTabular):
    model = PoleNetwork
    autocomplete_fields = ("network",)


class SourceInline(RegistryTabular):
    model = PoleSource
    fields = ("url", "seen_on")


class ProjectInline(RegistryStacked):
    model = PoleProject
    form = ProjectRowForm
    autocomplete_fields = ("members",)
    verbose_name = "projet"
    verbose_name_plural = "projets"


class FiguresInline(RegistryStacked):
    model = PoleFigures
    verbose_name = "année"
    verbose_name_plural = "chiffres annuels"
    fields = (
        "year",
        ("jobs_fte", "jobs_fte_public"),
        ("local_jobs_fte", "local_jobs_fte_public"),
        ("members", "members_public"),
        ("turnover_eur", "turnover_eur_public"),
        ("beneficiaries", "beneficiaries_public"),
        "source",
    )
