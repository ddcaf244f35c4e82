"""The year 2023 done again in the registry, on the real data, through the pages that people use.

What the press told of that year is first taken out: the seven laureates that it names are among
those who apply here, beside other real poles.
"""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from calls.models import Application, Call, PlatformImport, RegionalOpinion
from networks.models import Network
from poles.models import Pole
from territories.models import Territory
from tests.factories import (
    NetworkStaffFactory,
    PoleNetworkFactory,
    UserFactory,
    valid_siren,
    valid_siret,
)
from tests.forms import fields_of, filled

pytestmark = pytest.mark.django_db

# Those that the pages of 2023 name, with the code of their région.
LAUREATES = {
    "Pôle Laine du Pays de Saugues": "84",
    "L'Accordeur": "03",
    "Émergence Hénin-Carvin": "32",
    "Le PôPE (Pôle Petite Enfance)": "11",
    "GEIQ Sport et Loisirs": "06",
    "Écosystème coopératif Tera": "75",
    "Les Grandlieu'Zarts": "52",
}
# Fifteen were retained; the pages name seven. The others of this list are there for the exercise.
OTHERS = {
    "Pôle Alpen": "84",
    "Le Damier": "84",
    "PTCE Mieux Manger en Mayenne": "52",
    "PTCE Nord-Ouest Loire-Atlantique (NOLA)": "52",
    "PTCE de l'agglomération de La Roche-sur-Yon": "52",
    "PTCE Loire Angers": "52",
    "PTCE du Pays du Mans": "52",
    "PTCE Village Terre & Vie": "52",
}
ONE_TOO_MANY = "De Fil en Réseaux"
ALREADY_SUPPORTED = "La Fabrique de la transition"
LATE = "Figeacteurs"
CANDIDATES = {
    **LAUREATES,
    **OTHERS,
    ONE_TOO_MANY: "75",
    ALREADY_SUPPORTED: "84",
    LATE: "76",
}
COMMITTEE = date(2023, 10, 17)
CONFLICT = "Les Grandlieu'Zarts"


class Year:
    """The call, who runs it, and its files by the name of their pole."""

    def __init__(self) -> None:
        self.call = Call.objects.get(code="ami-2023")
        self.officer = Client()
        self.officer.force_login(UserFactory(officer=True, full_name="Odile Agente"))
        self.networks: dict[str, Network] = {}
        self.colleagues: dict[int, Client] = {}

    @property
    def files(self) -> dict[str, Application]:
        found = Application.objects.filter(call=self.call).select_related("pole")
        return {file.pole.name: file for file in found}

    def page(self, name: str, **kwargs: Any) -> str:
        return reverse(f"admin:calls_{name}", args=list(kwargs.values()))

    def move(self, to: str) -> str:
        address = self.page("call_conduct", pk=self.call.pk)
        sent = {"of": "call", "to": to, "_why": ""}
        return self.officer.post(address, sent, follow=True).content.decode()

    # One after the other, as in the year.

    def prepare(self) -> None:
        """The call that was announced, run in the registry: its rule, and whom it asks."""
        for region in sorted({*CANDIDATES.values()}):
            territory = Territory.objects.get(kind="region", code=region)
            chamber = Network.objects.filter(regions=territory, name__startswith="Chambre").first()
            self.networks[region] = chamber or Network.objects.get(acronym="ESS France")
        url = self.page("call_change", pk=self.call.pk)
        named = {
            f"named_networks-{number}-{name}": value
            for number, (region, network) in enumerate(self.networks.items())
            for name, value in (
                ("call", self.call.pk),
                ("network", network.pk),
                ("region", Territory.objects.get(kind="region", code=region).pk),
            )
        }
        typed = filled(
            self.officer.get(url),
            run_in_registry="on",
            opinion_required="on",
            composition_rule="minimum",
            first_support_required="true",
            **{"named_networks-TOTAL_FORMS": len(self.networks), **named},
        )
        answer = self.officer.post(url, typed)
        assert answer.status_code == 302, answer.context["errors"]

    def receive(self) -> None:
        """The export of the forms platform, then what the registry would not record."""
        titles = ["ID", "Établissement SIRET", "Entreprise raison sociale", "Déposé le"]
        titles += ["Nom du PTCE", "Montant de la subvention demandée (en euros)"]
        rows = [titles]
        for number, name in enumerate(CANDIDATES, start=1):
            siret = valid_siret(valid_siren(97_000_000 + number))
            day = "2023-08-02" if name == LATE else "2023-07-12"
            rows.append(
                [f"13{number:04d}", siret, f"Porteur de {name}", f"{day} 10:00:00 +0200", name]
            )
            rows[-1].append("100000")
        rows.append(["139999", "123", "Sans numéro", "2023-07-13 10:00:00 +0200", "Pôle Alpen", ""])
        raw = "\n".join(";".join(row) for row in rows).encode()
        address = self.page("call_platform", pk=self.call.pk)
        sent = {"file": SimpleUploadedFile("export-2023.csv", raw)}
        assert self.officer.post(address, sent).status_code == 302
        arrived = PlatformImport.objects.get(call=self.call)
        columns = self.page("call_platform_columns", pk=self.call.pk, run=arrived.pk)
        answer = self.officer.post(columns, fields_of(self.officer.get(columns)))
        assert answer.status_code == 302, answer.content.decode()
        preview = self.page("call_platform_preview", pk=self.call.pk, run=arrived.pk)
        page = self.officer.get(preview)
        assert "n’est ni un SIRET ni un SIREN valide" in page.content.decode()
        fields = {**fields_of(page), "action": "confirm"}
        words = self.officer.post(preview, fields, follow=True).content.decode()
        assert f"{len(CANDIDATES)} dossiers enregistrés" in words
        assert set(self.files) == set(CANDIDATES)

    def examine(self) -> None:
        """Advice is explained; the officer concludes, and attests what the registry cannot tell."""
        for name, file in self.files.items():
            address = self.page("application_examination", pk=file.pk)
            words = self.officer.get(address).content.decode()
            late, supported = name == LATE, name == ALREADY_SUPPORTED
            if late:
                assert "après la clôture du" in words
            if supported:
                assert "a déjà été lauréat" in words
                assert "PTCE 2022" in words
            self.conclude(address, "recevabilite", not late)
            if late:
                continue
            self.conclude(address, "eligibilite", not supported)
            if not supported:
                sent = {
                    "action": "attestation",
                    "attestation-attested_on": "2023-09-20",
                    "attestation-attestation": "Statuts et conventions lus.",
                }
                assert self.officer.post(address, sent).status_code == 302
        file = self.files[ALREADY_SUPPORTED]
        assert file.eligible is False
        assert "déjà été lauréat" in file.eligible_reason
        assert self.files[LATE].admissible is False

    def conclude(self, address: str, subject: str, conclusion: bool) -> None:
        sent = {"action": subject, f"{subject}-conclusion": "oui" if conclusion else "non"}
        if conclusion:
            # What the registry knows of these poles seldom tells.
            sent[f"{subject}-reason"] = "Pièces du dossier lues."
        answer = self.officer.post(address, sent)
        assert answer.status_code == 302, answer.content.decode()

    def give_opinions(self) -> None:
        """Each chamber on the poles of its région; where it has an interest, another network."""
        pole = Pole.objects.get(name=CONFLICT)
        PoleNetworkFactory(pole=pole, network=self.networks["52"])
        ranks: dict[str, int] = {}
        for name, region in CANDIDATES.items():
            if name in (LATE, ALREADY_SUPPORTED):
                continue
            ranks[region] = ranks.get(region, 0) + 1
            network = self.networks[region]
            answer = self.opine(network, name, rank=str(ranks[region]), opinion="favorable")
            if name != CONFLICT:
                assert answer.status_code == 302
                continue
            assert answer.status_code == 403
            words = answer.content.decode()
            assert "Conflit d’intérêts" in words
            assert "il accompagne ce pôle" in words
        assert "aucun réseau sans intérêt" in self.missing(CONFLICT)
        other = Network.objects.get(acronym="Coorace")
        url = self.page("call_change", pk=self.call.pk)
        page = self.officer.get(url)
        number = len(self.networks)
        typed = filled(
            page,
            **{
                "named_networks-TOTAL_FORMS": number + 1,
                f"named_networks-{number}-call": self.call.pk,
                f"named_networks-{number}-network": other.pk,
                f"named_networks-{number}-region": Territory.objects.get(
                    kind="region", code="52"
                ).pk,
            },
        )
        assert self.officer.post(url, typed).status_code == 302
        for name, region in CANDIDATES.items():
            if region == "52":
                answer = self.opine(other, name, opinion="reserve", text="Gouvernance à préciser.")
                assert answer.status_code == 302
        given = RegionalOpinion.objects.filter(application__call=self.call)
        assert {each.network.name for each in given.select_related("network")} >= {
            self.networks[region].name for region in ("84", "32")
        }

    def opine(self, network: Network, name: str, **sent: str) -> Any:
        if network.pk not in self.colleagues:
            self.colleagues[network.pk] = Client()
            self.colleagues[network.pk].force_login(NetworkStaffFactory(network=network).user)
        colleague = self.colleagues[network.pk]
        return colleague.post(f"/espace/avis/{self.files[name].pk}/{network.pk}/", sent)

    def missing(self, name: str) -> str:
        rows = self.grid().context["rows"]
        return next(row["missing"] for row in rows if row["file"].pole.name == name)

    def grid(self) -> Any:
        return self.officer.get(self.page("call_session", pk=self.call.pk))

    def decide(self, retained: set[str]) -> Any:
        """The grid as it is shown, ``retained`` made laureates and the others refused."""
        page = self.grid()
        data: dict[str, Any] = {"committee": "Comité national", "held_on": COMMITTEE.isoformat()}
        for row in page.context["rows"]:
            form = row["form"]
            for name, value in form.initial.items():
                data[f"{form.prefix}-{name}"] = "" if value is None else value
            kept = row["file"].pole.name in retained
            data[f"{form.prefix}-decision"] = "laureat" if kept else "refuse"
            data[f"{form.prefix}-amount"] = "100 000" if kept else ""
        return self.officer.post(self.page("call_session", pk=self.call.pk), data)

    def change(self, name: str, **typed: Any) -> Any:
        url = self.page("application_change", pk=self.files[name].pk)
        return self.officer.post(url, filled(self.officer.get(url), **typed))


def told(client: Client, address: str) -> set[str]:
    """The poles that the public page of the call names."""
    decisions = client.get(address).context["decisions"]
    return {each.pole.name for _, applications in decisions for each in applications}


def instalment(number: int, file: Application, **values: str) -> dict[str, Any]:
    given = {"application": file.pk, "amount_eur": "50000", "reason": "", **values}
    return {f"instalments-{number}-{name}": value for name, value in given.items()}


def test_the_year_2023_is_done_again(client: Client, settle: Any) -> None:
    Application.objects.filter(call__code="ami-2023").delete()
    year = Year()
    year.prepare()
    assert "Étape enregistrée" in year.move("ouvert")
    assert (
        year.call.name.replace("'", "&#x27;") in client.get("/appels-a-projets/").content.decode()
    )
    year.receive()
    year.move("instruction")
    year.examine()
    year.give_opinions()

    # A session, within 1.5 million euros.
    retained = {*LAUREATES, *OTHERS}
    page = year.decide({*retained, ONE_TOO_MANY})
    assert page.status_code == 200
    assert "1 500 000 € : les montants engagés feraient 1 600 000 €" in " ".join(
        page.content.decode().replace("\u202f", " ").replace("\u00a0", " ").split()
    )
    assert {file.decision for file in year.files.values()} == {"inconnue"}
    page = year.decide(retained)
    assert page.status_code == 302, [row["form"].errors for row in page.context["rows"]]
    engaged = [file.amount_eur for file in year.files.values() if file.decision == "laureat"]
    assert engaged == [Decimal(100_000)] * 15

    # Published, with the call.
    address = "/appels-a-projets/ami-2023/"
    settle()
    assert not told(client, address)
    assert "Étape enregistrée" in year.move("decide")
    settle()
    assert told(client, address) == retained
    drawn = client.get("/carte/poles.geojson", {"appel": "ami-2023"}).content.decode()
    for name in LAUREATES:
        assert Pole.objects.get(name=name).slug in drawn
    for name in (ONE_TOO_MANY, ALREADY_SUPPORTED, LATE):
        assert Pole.objects.get(name=name).slug not in drawn

    # Half is paid; the rest of one is suspended.
    for name in LAUREATES:
        file = year.files[name]
        rows = instalment(0, file, state="verse", paid_on="20/11/2023", reference="EJ-2023-1")
        rest = {"state": "prevu", "planned_on": "15/11/2024"}
        if name == "L'Accordeur":
            rest |= {"state": "suspendu", "reason": "Comité de suivi non tenu."}
        rows |= instalment(1, file, **rest)
        answer = year.change(
            name,
            agreement_on="06/11/2023",
            **{"instalments-TOTAL_FORMS": 2, **rows},
        )
        assert answer.status_code == 302, answer.context["errors"]
    following = year.officer.get("/admin/calls/application/suivi/").content.decode()
    assert "Comité de suivi non tenu." in following

    # A third party evaluates; then the figures are asked for.
    answer = year.change(
        "Pôle Laine du Pays de Saugues",
        **{
            "evaluations-TOTAL_FORMS": 1,
            "evaluations-0-application": year.files["Pôle Laine du Pays de Saugues"].pk,
            "evaluations-0-kind": "finale",
            "evaluations-0-held_on": "20/11/2025",
            "evaluations-0-author": "Un cabinet tiers",
            "evaluations-0-text": "Onze emplois, une laverie commune.",
        },
    )
    assert answer.status_code == 302, answer.context["errors"]
    sent = {"jour": f"{timezone.localdate():%Y-%m-%d}", "appel": "ami-2023"}
    page = year.officer.post("/admin/reponse/", sent, follow=True)
    figures = {each["key"]: each for each in page.context["answer"].figures["figures"]}
    assert {key: figures[key]["value"] for key in ("candidates", "eligible", "laureates")} == {
        "candidates": str(len(CANDIDATES)),
        "eligible": "16",
        "laureates": "15",
    }
    assert figures["engaged"]["value"] == "1500000"
    assert figures["paid"]["value"] == "350000"
    assert figures["laureates"]["announced"] == "15"
