"""Made-up rows of what surrounds a record: what its keepers tell each other."""

import factory
from django.utils import timezone

from networks.models import AccessRequest, Notice
from poles.models import Comment
from tests.factories import PoleFactory, UserFactory


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
