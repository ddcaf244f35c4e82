"""What the history is to give back of a record."""

from poles.models import Pole
from poles.record import current_values
from poles.record.fields import Json

# The name of a person is in no past.
_FORGOTTEN = "contact_name"


def remembered(pole: Pole) -> dict[str, Json]:
    values = current_values(pole)
    del values[_FORGOTTEN]
    return values
