"""Making a pole's record: a draft, with an address of its own."""

from django.db import IntegrityError, transaction

from core.text import slug_of
from networks.models import Network
from poles.models import Pole, PoleFormerSlug
from territories.models import Territory

_TRIES = 5


def create_pole(
    name: str,
    *,
    seat: Territory | None,
    network: Network | None,
    acronym: str = "",
    website: str = "",
) -> Pole:
    """A draft of which ``network`` has the charge. Raises ValidationError, by field."""
    pole = Pole(name=name, acronym=acronym, website=website, seat=seat, reference_network=network)
    for left in reversed(range(_TRIES)):
        pole.slug = free_slug(name)
        pole.full_clean(validate_unique=False)
        try:
            with transaction.atomic():
                pole.save(force_insert=True)
        except IntegrityError:
            # Someone else took the address between the two statements.
            if not left:
                raise
        else:
            break
    return pole


def free_slug(name: str) -> str:
    """An address made of the name that no pole has or had: old links go on leading there."""
    slugs = set(Pole.objects.values_list("slug", flat=True))
    return slug_of(name, slugs | set(PoleFormerSlug.objects.values_list("slug", flat=True)))
