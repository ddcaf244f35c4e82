"""How names are matched and cells are split: properties, on drawn and on real words."""

import random
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.registry.leads import own_names, read_lead
from calls.registry.mapping import read_mapping
from calls.registry.matching import TerritoryMatcher
from calls.registry.plan import PlannedOrganisation
from calls.registry.reading import (
    NamedMember,
    RowRefusedError,
    split_addresses,
    split_calls,
    split_list,
    split_members,
    split_status,
)
from core.text import normalise, slug_of
from members.kinds import CERTAIN_FACTS, OrganisationKind
from members.naming import organisation_key
from territories.models import FormerCommune, Territory

MAPPING = read_mapping()
words = st.text(alphabet="abcÉéÀ œ'’-().,0123456789", min_size=1, max_size=30).filter(
    lambda text: text.strip() == text and normalise(text)
)
types = st.sampled_from(sorted(MAPPING.member_types))


@given(st.lists(st.builds(NamedMember, words, words), max_size=6))
def test_members_joined_then_split_are_the_same(members):
    cell = ";".join(f"{member.name}|{member.type}" for member in members)
    assert split_members(cell) == members


@given(st.text(max_size=200))
def test_any_cell_is_split_or_refused(cell):
    for split in (split_members, split_calls):
        with suppress(RowRefusedError):
            split(cell)
    split_status(cell)
    assert all(word.strip() == word for word in split_list(cell))


@given(st.lists(st.sampled_from(["https://a.test/b;c=d", "http://e.test/", "https://f.test/g"])))
def test_addresses_may_hold_semicolons(addresses):
    assert split_addresses(";".join(addresses)) == list(dict.fromkeys(addresses))


@given(words, st.integers(1990, 2030))
def test_year_of_a_status_is_read(text, year):
    parts = split_status(f"{text.replace(',', '').replace('(', '')} ({year})")
    assert {part.year for part in parts} == {year}


@given(words)
def test_organisation_key_ignores_spelling_and_form(name):
    key = organisation_key(name)
    assert key
    # Only capitals in brackets are an acronym: there, and there alone, case says something.
    plain = name.replace("(", " ")
    assert organisation_key(plain.upper()) == organisation_key(plain.lower())
    assert organisation_key(f"SCIC {name}") == organisation_key(f"scic {name}")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Association Les Tracols", "Les Tracols", True),
        ("SCIC Ceinture verte", "Ceinture Verte", True),
        ("REUTILIZ", "Réutiliz", True),
        ("Régie de territoire des Deux Rives (RDT2R)", "Régie de territoire des deux rives", True),
        ("Biocoop", "Biocoop de Tarbes", False),
        ("Chantier école Île-de-France", "Chantier École Occitanie", False),
        ("Association des mécanos havrais", "mécanos havrais", False),
        ("Terre d'Opale", "Terres d'Opale", False),
    ],
)
def test_organisations_that_are_one_and_those_that_are_not(one, other, same):
    assert (organisation_key(one) == organisation_key(other)) is same


@given(words, st.sets(words))
def test_addresses_are_free_and_well_formed(name, others):
    taken = {normalise(other).replace(" ", "-") for other in others}
    slug = slug_of(name, taken)
    assert slug not in taken
    assert slug.replace("-", "").isalnum()
    assert len(slug) <= 120


@given(words, words)
def test_any_lead_is_read(cell, pole):
    lead = read_lead(cell, pole, MAPPING)
    assert lead.treatment in {"porteur", "pole", "mots"}
    assert (lead.name != "") == (lead.treatment != "mots")


@pytest.mark.parametrize(
    ("cell", "pole", "treatment", "name", "type_word"),
    [
        ("Association Ecopya", "Éco-domaine", "porteur", "Ecopya", "association"),
        ("SCIC SA Machin", "Pôle Bidule", "porteur", "Machin", "SCIC"),
        ("GAB65 (association)", "La Bio pour tous", "porteur", "GAB65", "association"),
        ("Régie des Rives (RDR)", "Pôle", "porteur", "Régie des Rives (RDR)", ""),
        ("Association des amis", "Pôle", "porteur", "Association des amis", "association"),
        ("SCIC Machin", "PTCE Machin", "pole", "Machin", "SCIC"),
        ("association Le Damier", "Le Damier", "pole", "Le Damier", "association"),
        ("SCIC Machin", "Bidule (Machin)", "pole", "Machin", "SCIC"),
        ("Machin", "Le Machin", "mots", "", ""),
        ("Machin (à l'origine)", "Pôle", "mots", "", ""),
        ("Machin (candidate)", "Pôle", "mots", "", ""),
        ("Machin (porté par Truc jusqu'en 2016)", "Pôle", "mots", "", ""),
        ("Coop Machin (animation)", "Pôle", "porteur", "Coop Machin", ""),
    ],
)
def test_leads(cell, pole, treatment, name, type_word):
    lead = read_lead(cell, pole, MAPPING)
    assert (lead.treatment, lead.name, lead.type) == (treatment, name, type_word)


def test_own_names_of_a_pole():
    assert own_names("Le PHARES") == {"phares"}
    assert own_names("TETRIS (Transition écologique)") == {
        "tetris transition ecologique",
        "tetris",
        "transition ecologique",
    }


@given(st.lists(types, max_size=4))
def test_kinds_of_several_sources_never_contradict_their_facts(named):
    organisation = PlannedOrganisation("x", "X", types={w: MAPPING.member_types[w] for w in named})
    for fact, value in CERTAIN_FACTS[organisation.kind].items():
        assert organisation.facts[fact] is value
    assert not (organisation.facts.get("is_ess") and organisation.facts.get("is_commercial"))


def test_sources_that_disagree_leave_the_nature_unknown():
    def kind(*named: str) -> OrganisationKind:
        stated = {word: MAPPING.member_types[normalise(word)] for word in named}
        return PlannedOrganisation("x", "X", types=stated).kind

    assert kind("association", "SCIC") == OrganisationKind.UNKNOWN
    assert kind("association", "collectivité") == OrganisationKind.UNKNOWN
    assert kind("association", "entité ESS") == OrganisationKind.ASSOCIATION
    assert kind("membre", "association") == OrganisationKind.ASSOCIATION
    assert kind("entreprise") == kind("membre") == OrganisationKind.UNKNOWN


def spelled_otherwise(name: str, chance: random.Random) -> str:
    changes = [
        str.upper,
        str.lower,
        lambda text: text.replace("-", " "),
        lambda text: text.replace("'", "’"),
        lambda text: text.replace("Saint-", "St "),
        lambda text: text.replace("é", "e").replace("è", "e"),
    ]
    for change in chance.sample(changes, 3):
        name = change(name)
    return name


@pytest.mark.django_db
def test_communes_are_found_however_they_are_spelled():
    chance = random.Random(2015)
    communes = list(Territory.objects.communes().order_by("code").select_related("departement"))
    drawn = chance.sample(communes, 400)
    spelled = {commune.pk: spelled_otherwise(commune.name, chance) for commune in drawn}
    matcher = TerritoryMatcher(spelled.values())
    for commune in drawn:
        seat = matcher.seat(spelled[commune.pk], commune.departement.code, "")
        # An old name of another commune of the département may hide it, never replace it.
        assert seat.territory in {commune, commune.departement}
        assert (seat.territory == commune) == (seat.notes == [])


@pytest.mark.django_db
def test_old_names_lead_to_todays_commune_or_nowhere():
    chance = random.Random(2014)
    drawn = chance.sample(
        list(
            FormerCommune.objects.order_by("code", "kind").select_related(
                "commune__departement", "commune__region"
            )
        ),
        300,
    )
    matcher = TerritoryMatcher([former.name for former in drawn])
    for former in drawn:
        seat = matcher.seat(former.name, former.commune.departement.code, "")
        assert seat.territory in {former.commune, former.commune.departement}


@pytest.mark.django_db
def test_of_several_candidates_none_is_taken():
    matcher = TerritoryMatcher(["Châtenay", "Vannes", "Montaigu"])
    seat = matcher.seat("Chatenay", "", "Auvergne-Rhône-Alpes")
    assert seat.territory.kind == "region"
    assert "aucune retenue" in seat.notes[0]
    assert "Châtenay (01), Châtenay (38)" in seat.notes[0]
    assert matcher.seat("Châtenay", "38", "Auvergne-Rhône-Alpes").territory.code == "38093"
    assert matcher.seat("Vannes", "35", "Bretagne").territory.code == "35"
    assert matcher.seat("Montaigu", "85", "").territory.name == "Montaigu-Vendée"
    assert matcher.seat("", "", "bretagne").territory.code == "53"
    assert matcher.seat("", "", "").territory is None
