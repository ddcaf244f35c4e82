"""Made-up rows of what surrounds a record: what its keepers tell each other."""

from datetime import timedelta

import factory
from django.utils import timezone

from networks.models import AccessRequest, Invitation, Notice
from poles.models import Comment, Merge
from tests.factories import NetworkFactory, OrganisationFactory, PoleFactory, UserFactory


class NoticeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Notice

    user = factory.SubFactory(UserFactory)
    about = factory.Sequence(lambda n: f"essai/{n}")
    subject = "Une nouvelle"
    path = "/espace/"


class CommentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Comment

    pole = factory.SubFactory(PoleFactory)
    section = "identite"
    author = factory.SubFactory(UserFactory)
    text = factory.Sequence(lambda n: f"Commentaire d’essai {n}")


class AccessRequestFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AccessRequest

    email = factory.Sequence(lambda n: f"demande{n}@exemple.invalid")
    full_name = factory.Sequence(lambda n: f"Demande d’essai {n}")
    message = "Je suis chargée de mission."
    created_at = factory.LazyFunction(timezone.now)


class InvitationFactory(factory.django.DjangoModelFactory):
    """To a network, which expired the day before."""

    class Meta:
        model = Invitation

    email = factory.Sequence(lambda n: f"invitation{n}@exemple.invalid")
    network = factory.SubFactory(NetworkFactory)
    staff_role = "redacteur"
    token_digest = factory.Sequence(str)
    expires_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=1))


class MergeFactory(factory.django.DjangoModelFactory):
    """Of two organisations, the second of which is no more; nothing else was done."""

    class Meta:
        model = Merge

    organisation = factory.LazyFunction(lambda: OrganisationFactory().pk)
    merged_organisation = factory.Sequence(lambda n: 10**9 + n)
    kept_name = factory.Sequence(lambda n: f"Organisation gardée {n}")
    merged_name = factory.Sequence(lambda n: f"Organisation réunie {n}")
    reason = "La même, saisie deux fois."
    by = factory.SubFactory(UserFactory)
