"""The loader of territories, on the real files: what it writes, keeps, and never overwrites."""

from decimal import Decimal

import pghistory
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from core.history import command_transaction
from core.tables import FileRefusedError
from territories.loading import load_territories
from territories.models import FormerCommune, Territory
from tests.territories.source_files import api_commune, as_json, edit, real_copy, small_copy

pytestmark = pytest.mark.django_db


def commune(code: str) -> Territory:
    return Territory.objects.get(kind="commune", code=code)


def history_size() -> int:
    return Territory.pgh_event_model.objects.count() + FormerCommune.pgh_event_model.objects.count()


def test_real_files_are_all_there():
    assert Territory.objects.regions().count() == 18
    assert Territory.objects.departements().count() == 101
    assert Territory.objects.epcis().count() == 1255
    assert Territory.objects.communes().count() == 34875
    assert FormerCommune.objects.count() == 2621
    assert not Territory.objects.filter(latitude=None).exists()


def test_own_position_is_exact_and_derived_one_says_so():
    own, derived = commune("56260"), commune("14645")
    assert (own.name, own.approximate, own.latitude) == ("Vannes", False, Decimal("47.65688"))
    assert (derived.name, derived.approximate) == ("Saint-Pierre-Azif", True)
    assert (derived.latitude, derived.longitude) == (
        derived.epci.latitude,
        derived.epci.longitude,
    )
    region = Territory.objects.get(kind="region", code="53")
    assert region.approximate
    assert region.latitude == commune("35238").latitude


def test_addresses_of_regions_and_old_names():
    slugs = set(Territory.objects.regions().values_list("slug", flat=True))
    assert {"auvergne-rhone-alpes", "provence-alpes-cote-d-azur", "ile-de-france"} <= slugs
    montaigu = FormerCommune.objects.get(code="85146", kind="commune-deleguee")
    assert (montaigu.name, montaigu.commune.name) == ("Montaigu", "Montaigu-Vendée")


def test_second_load_writes_nothing(settle):
    settle()
    before = history_size()
    report = load_territories()
    assert report.moved == 0
    assert history_size() == before
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SELECT moved_by_transaction FROM core_dataversion")
        assert cursor.fetchone() == (0,)


def test_load_tells_added_changed_and_gone_and_keeps_what_people_corrected(tmp_path):
    corrected = commune("35281")
    with pghistory.context(user=1):
        corrected.name, corrected.latitude = "Saint-Jacques", Decimal("48.00000")
        corrected.corrected = ["name", "latitude"]
        corrected.save()
        old = FormerCommune.objects.get(code="85146", kind="commune-deleguee")
        old.name = "Montaigu (Vendée)"
        old.save()
    exact = commune("14645")
    with command_transaction("another"):
        exact.approximate, exact.latitude = False, Decimal("49.30000")
        exact.save()
    source = real_copy(tmp_path)

    def change(text):
        text = text.replace("\n56260,Vannes,", "\n56260,Vannes-sur-Mer,")
        start = text.index("\n01001,")
        text = text[:start] + text[text.index("\n", start + 1) :]
        return text + "35999,Commune nouvelle,35,53,,35999,12,,\n"

    edit(source / "communes.csv", change)
    edit(
        source / "former_communes.csv",
        lambda text: text.replace("85146,Montaigu,", "85146,Montaigut,").replace(
            "01015,Arbignieu,", "01015,Arbigny,"
        ),
    )
    before = history_size()
    report = load_territories(source)
    communes = report.kinds["commune"]
    assert communes.added == [("35999", "Commune nouvelle")]
    assert communes.changed == [("56260", "Vannes-sur-Mer")]
    assert [code for code, _ in communes.gone] == ["01001"]
    assert [code for code, _ in report.kinds["former"].changed] == ["01015"]
    assert history_size() == before + 4
    assert commune("35999").approximate
    assert commune("56260").slug == "vannes-sur-mer"
    assert commune("01001").gone_on is not None
    assert commune("35281").name == "Saint-Jacques"
    assert commune("35281").latitude == Decimal("48.00000")
    assert commune("14645").latitude == Decimal("49.30000")
    assert FormerCommune.objects.filter(name="Montaigu (Vendée)").exists()
    event = Territory.pgh_event_model.objects.filter(code="56260").latest("pgh_id")
    assert event.pgh_context.metadata == {"command": "load_territories"}

    back = load_territories()
    assert ("01001", "L'Abergement-Clémenciat") in back.kinds["commune"].changed
    assert commune("01001").gone_on is None
    assert [code for code, _ in back.kinds["commune"].gone] == ["35999"]


def test_truncated_source_is_refused_and_changes_nothing(tmp_path):
    before = history_size()
    with pytest.raises(FileRefusedError, match="incomplète"):
        load_territories(small_copy(tmp_path))
    assert history_size() == before
    assert not Territory.objects.exclude(gone_on=None).exists()


def test_api_format_brings_exact_positions_and_the_rest_from_the_project(tmp_path):
    file = tmp_path / "communes.json"
    file.write_bytes(as_json(api_commune("35238", "Rennes"), api_commune("35051", "Cesson")))
    report = load_territories(file, accept_losses=True)
    assert report.kinds["region"].read == 18
    assert {code for code, _ in report.kinds["commune"].changed} == {"35238", "35051"}
    assert commune("35051").name == "Cesson"
    assert not commune("35051").approximate
    assert commune("35238").latitude == Decimal("48.1")
    # What bears an old name of a commune that this source lacks keeps it.
    assert FormerCommune.objects.count() == 2621


def test_command_prints_a_table_and_refuses_in_french(tmp_path, capsys):
    call_command("load_territories")
    printed = capsys.readouterr().out
    assert "communes" in printed
    assert "34875" in printed
    assert "14366 propres" in printed
    with pytest.raises(CommandError, match="introuvable"):
        call_command("load_territories", source=str(tmp_path))
