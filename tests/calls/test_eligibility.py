"""What the registry advises, and why: pure functions over plain values."""

from datetime import date

import pytest

from calls.eligibility import (
    Advice,
    Calendar,
    Conditions,
    File,
    Finding,
    Person,
    Support,
    admissibility,
    eligibility,
    is_private_law,
)
from poles.article9 import DECREE_2015, MINIMUM, NOT_ESTABLISHED, Composition, Member, assess

DAY = date(2023, 6, 1)
CALENDAR = Calendar(date(2023, 1, 1), date(2023, 3, 31))
FACTS = {
    "commercial": {"is_commercial": True, "is_ess": False, "is_legal_person": True},
    "ess": {"is_commercial": False, "is_ess": True, "is_legal_person": True},
    "training": {"is_commercial": False, "is_training_body": True, "is_legal_person": True},
}


def composition(*names: str, confirmed: bool = True) -> Composition:
    members = [
        Member(key, name, FACTS[name], begins_on=date(2020, 1, 1)) for key, name in enumerate(names)
    ]
    return Composition(members, date(2023, 1, 1) if confirmed else None)


def advice_on(
    *names: str,
    confirmed: bool = True,
    rule: object = MINIMUM,
    conditions: Conditions | None = None,
    person: Person | None = None,
    supports: tuple[Support, ...] = (),
    territory: str = "Fontenille",
) -> Advice:
    assessment = assess(composition(*names, confirmed=confirmed), rule, DAY, DAY)  # type: ignore[arg-type]
    return eligibility(assessment, conditions or Conditions(), person, supports, territory)


@pytest.mark.parametrize(
    ("met", "advised"),
    [([True, True], True), ([True, None], None), ([None, False], False), ([], True)],
)
def test_an_advice_is_that_of_its_findings(met: list[bool | None], advised: bool | None) -> None:
    assert Advice(tuple(Finding("", each, "") for each in met)).advised is advised


@pytest.mark.parametrize(
    ("received", "advised", "said"),
    [
        (date(2023, 3, 31), True, "pour une clôture le 31\u00a0mars\u00a02023"),
        (date(2023, 4, 1), False, "après la clôture"),
        (date(2022, 12, 31), False, "avant l’ouverture du 1er\u00a0janvier\u00a02023"),
        (None, None, "n’est pas renseignée"),
    ],
)
def test_a_file_comes_in_time(received: date | None, advised: bool | None, said: str) -> None:
    found = admissibility(File(received, "Une coopérative"), CALENDAR)
    assert found.advised is advised
    assert said in found.findings[0].found
    assert (said in found.against) is (advised is not True)


def test_a_file_names_who_asks_and_for_what() -> None:
    assert admissibility(File(date(2023, 2, 1), ""), CALENDAR).advised is False
    found = admissibility(File(date(2023, 2, 1), "Une coopérative", "le volet"), CALENDAR)
    assert found.advised is False
    assert "le volet" in found.against
    # Without a closing date nothing is late.
    assert admissibility(File(date(2030, 1, 1), "Une"), Calendar(None, None)).advised is True


@pytest.mark.parametrize(
    ("names", "confirmed", "advised"),
    [
        (("commercial", "ess", "training"), False, True),
        (("ess", "training"), True, False),
        (("ess", "training"), False, None),
    ],
)
def test_the_composition_is_that_of_the_rule_of_the_call(
    names: tuple[str, ...], confirmed: bool, advised: bool | None
) -> None:
    found = advice_on(*names, confirmed=confirmed)
    assert found.advised is advised
    if advised is not True:
        assert "entreprise commerciale" in found.against
    # The decree asks for other roles; what nobody established asks for nothing.
    assert advice_on("commercial", "ess", "ess", rule=DECREE_2015).advised is True
    assert advice_on(*names, rule=NOT_ESTABLISHED).advised is True


@pytest.mark.parametrize(
    ("person", "private"),
    [
        (Person("Une SCIC", "5710"), True),
        (Person("Une commune", "7210"), False),
        (Person("Une régie", "4110"), False),
        (Person("Un artisan", "1000", "entreprise", False), False),
        (Person("Une association", "", "association"), True),
        (Person("Une commune", "", "collectivite", True), False),
        (Person("Une société", "", "entreprise", True), True),
        (Person("Une entreprise", "", "entreprise"), None),
        (Person("Une autre", "", "autre", True), None),
        (Person("Sans personnalité", "", "inconnu", False), False),
    ],
)
def test_who_is_a_legal_person_of_private_law(person: Person, private: bool | None) -> None:
    assert is_private_law(person) is private
    asked = advice_on("commercial", "ess", "training", person=person)
    assert asked.advised is True
    conditions = Conditions(private_law=True)
    found = advice_on("commercial", "ess", "training", conditions=conditions, person=person)
    assert found.advised is private
    assert person.name in found.findings[1].found


def test_a_project_that_was_supported_already() -> None:
    members = ("commercial", "ess", "training")
    asked = Conditions(first_support=True)
    granted, accompanied = Support("AAP 2013", granted=True), Support("AMI 2021", granted=False)
    assert advice_on(*members, conditions=asked).advised is True
    assert advice_on(*members, conditions=asked, supports=(accompanied,)).advised is None
    found = advice_on(*members, conditions=asked, supports=(accompanied, granted, granted))
    assert found.advised is False
    assert "déjà été lauréat\u00a0: «\u00a0AAP 2013\u00a0»." in found.against
    # A reason may be sent to whoever applied: what is left to find out is the officer's.
    assert "Reste à savoir" not in found.against
    assert advice_on(*members, supports=(granted,)).advised is True


def test_a_pole_without_a_territory() -> None:
    found = advice_on("commercial", "ess", "training", territory="")
    assert found.advised is False
    assert found.against == "Le pôle n’a ni siège ni territoire d’action."


def test_a_private_form_without_a_beneficiary_is_not_known() -> None:
    conditions = Conditions(private_law=True)
    found = advice_on("commercial", "ess", "training", conditions=conditions)
    assert found.advised is None
