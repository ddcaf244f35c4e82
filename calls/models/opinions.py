"""Who is asked for an opinion, and what they said."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from calls.models.applications import Application, Opinion
from calls.models.call import Call
from core.history import tracked
from members.models import Organisation
from networks.models import Network
from territories.models import Territory


@tracked()
class CallNetwork(models.Model):
    """A network that the call names for its opinion on the poles of a région."""

    call = models.ForeignKey(
        Call, models.CASCADE, related_name="named_networks", verbose_name="appel"
    )
    network = models.ForeignKey(
        Network, models.PROTECT, related_name="+", verbose_name="réseau ou service de l’État"
    )
    region = models.ForeignKey(
        Territory,
        models.PROTECT,
        related_name="+",
        verbose_name="région",
        limit_choices_to={"kind": "region"},
    )

    class Meta:
        verbose_name = "réseau nommé pour avis"
        verbose_name_plural = "réseaux nommés pour avis"
        ordering = ["call", "region", "network"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "network", "region"],
                name="calls_callnetwork_once",
                violation_error_message="Ce réseau est déjà nommé pour cette région.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.network} – {self.region}"


@tracked()
class NetworkPerson(models.Model):
    """The legal person of a network: in a pole, it makes an interest in it."""

    network = models.OneToOneField(Network, models.CASCADE, related_name="+", verbose_name="réseau")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="personne morale"
    )

    class Meta:
        verbose_name = "personne morale d’un réseau"
        verbose_name_plural = "personnes morales des réseaux"
        ordering = ["network"]

    def __str__(self) -> str:
        return f"{self.network} – {self.organisation}"


@tracked()
class RegionalOpinion(models.Model):
    """What a network named by the call says of an application; ``rank``: in its région."""

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="opinions", verbose_name="candidature"
    )
    network = models.ForeignKey(
        Network, models.PROTECT, related_name="+", verbose_name="réseau ou service de l’État"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="donné par",
    )
    opinion = models.CharField("avis", max_length=11, choices=Opinion)
    text = models.TextField("motifs de l’avis", blank=True, max_length=5000)
    rank = models.PositiveSmallIntegerField("rang dans la région", null=True, blank=True)
    given_on = models.DateField("donné le")

    class Meta:
        verbose_name = "avis régional"
        verbose_name_plural = "avis régionaux"
        ordering = ["application", "network"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "network"],
                name="calls_regionalopinion_once",
                violation_error_message="Ce réseau a déjà donné son avis sur cette candidature.",
            ),
            models.CheckConstraint(
                condition=Q(opinion__in=Opinion.values),
                name="calls_regionalopinion_value",
                violation_error_message="Cet avis n’existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(opinion="favorable") | ~Q(text=""),
                name="calls_regionalopinion_reason",
                violation_error_message="Un avis réservé ou défavorable dit pourquoi.",
            ),
            models.CheckConstraint(
                condition=Q(rank=None) | Q(rank__gte=1),
                name="calls_regionalopinion_rank",
                violation_error_message="Les rangs se comptent à partir de un.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} – {self.network}"
