"""The sections of a record as forms: filled from plain values, giving plain values back."""

from workspace.sections.base import SectionForm
from workspace.sections.identity import IdentityForm
from workspace.sections.members import MembersForm

FORMS: dict[str, type[SectionForm]] = {form.slug: form for form in (IdentityForm, MembersForm)}

__all__ = ["FORMS", "SectionForm"]
