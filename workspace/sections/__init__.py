"""The sections of a record as forms: filled from plain values, giving plain values back."""

from workspace.sections.base import SectionForm
from workspace.sections.contact import ContactForm
from workspace.sections.coverage import CoverageForm
from workspace.sections.figures import FiguresForm
from workspace.sections.identity import IdentityForm
from workspace.sections.members import MembersForm
from workspace.sections.networks import NetworksForm
from workspace.sections.place import PlaceForm
from workspace.sections.projects import ProjectsForm
from workspace.sections.state import StateForm
from workspace.sections.zoning import ZoningForm

FORMS: dict[str, type[SectionForm]] = {
    form.slug: form
    for form in (
        IdentityForm,
        PlaceForm,
        CoverageForm,
        StateForm,
        MembersForm,
        ProjectsForm,
        FiguresForm,
        ContactForm,
        ZoningForm,
        NetworksForm,
    )
}

__all__ = ["FORMS", "SectionForm"]
