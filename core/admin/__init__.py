"""What every room's admin is made of: one base class, and the pages that all of them share."""

from core.admin.base import RegistryAdmin
from core.admin.fields import RegistryStacked, RegistryTabular
from core.admin.forms import RegistryForm, RowForm, RowFormSet, VersionedRegistryForm
from core.admin.reading import ReadOnlyAdmin

__all__ = [
    "ReadOnlyAdmin",
    "RegistryAdmin",
    "RegistryForm",
    "RegistryStacked",
    "RegistryTabular",
    "RowForm",
    "RowFormSet",
    "VersionedRegistryForm",
]
