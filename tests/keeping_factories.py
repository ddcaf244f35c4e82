"""Made-up rows of what surrounds a record: what its keepers tell each other."""

import factory

from networks.models import Notice
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
