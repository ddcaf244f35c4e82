"""What the territories' sources say is read whole, or refused whole in French."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.tables import FileRefusedError
from territories.models import TerritoryKind
from territories.places import Place, Places, give_positions
from territories.sources import read_places
from tests.territories.source_files import api_commune, as_json, edit, serving, small_copy


def test_small_folder_is_read(tmp_path):
    places = read_places(small_copy(tmp_path))
    assert places.communes[0].name == "Rennes"
    assert places.communes[0].postal_codes == ["35000", "35200"]
    assert places.former[0].commune == "35281"


@pytest.mark.parametrize(
    ("file", "change", "message"),
    [
        ("communes.csv", lambda t: t.replace("codes_postaux,", "cp,"), "codes_postaux"),
        ("communes.csv", lambda t: t.replace(",", ";"), "virgules"),
        ("communes.csv", lambda t: t.replace("35281,", "35238,"), "ligne 3.*35238 en double"),
        ("communes.csv", lambda t: t.replace("35281,", "3528,"), "ligne 3.*mal formé"),
        ("communes.csv", lambda t: t.replace("Rennes,35,53", "Rennes,36,53"), "ligne 2.*36"),
        ("communes.csv", lambda t: t.replace("Rennes,", ","), "ligne 2.*pas de nom"),
        ("communes.csv", lambda t: t.replace("225081", "beaucoup"), "ligne 2.*beaucoup"),
        ("communes.csv", lambda t: t.replace("48.11109", "148.1"), "ligne 2.*148.1"),
        ("communes.csv", lambda t: t.replace("48.11109", "nan"), "ligne 2.*degrés"),
        ("communes.csv", lambda t: t.replace("48.11109", ""), "ligne 2.*sans longitude"),
        ("communes.csv", lambda t: t.replace("35510", "3551O"), "ligne 4.*3551O"),
        ("communes.csv", lambda t: t.replace("Rennes", '"Rennes'), "guillemet"),
        ("communes.csv", lambda t: t.replace("Rennes", "R" * 10_000_000), "ligne 2.*caractères"),
        ("communes.csv", lambda t: t.replace(",48.11109,-1.67431", ""), "ligne 2.*7 cellules"),
        ("communes.csv", lambda t: t.split("\n")[0], "aucune ligne"),
        ("communes.csv", lambda t: "", "vide"),
        ("departements.csv", lambda t: t.replace(",53,", ",54,"), "région"),
        ("departements.csv", lambda t: t.replace("35,Ille", "35A,Ille"), "mal formé"),
        ("epci.csv", lambda t: t.replace("243500139", "24350013"), "mal formé"),
        ("regions.csv", lambda t: t + "53,Bretagne,metro,35238\n", "en double"),
        ("former_communes.csv", lambda t: t.replace(",35281", ",35282"), "35282"),
        ("former_communes.csv", lambda t: t + t.split("\n")[1] + "\n", "en double"),
    ],
)
def test_damaged_file_is_refused_with_its_line(tmp_path, file, change, message):
    edit(small_copy(tmp_path) / file, change)
    with pytest.raises(FileRefusedError, match=f"(?s){file}.*{message}"):
        read_places(tmp_path)


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_other_encodings_are_refused(tmp_path, encoding):
    path = small_copy(tmp_path) / "communes.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))
    with pytest.raises(FileRefusedError, match=r"communes\.csv, ligne \d+.*UTF-8"):
        read_places(tmp_path)


def test_byte_order_mark_is_forgiven(tmp_path):
    path = small_copy(tmp_path) / "communes.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert len(read_places(tmp_path).communes) == 3


def test_faults_are_told_together(tmp_path):
    edit(
        small_copy(tmp_path) / "communes.csv",
        lambda text: text.replace("35238,Rennes", "35238,").replace("35136", "x"),
    )
    with pytest.raises(FileRefusedError) as refused:
        read_places(tmp_path)
    assert "ligne 3" in str(refused.value)


def test_missing_file_is_named(tmp_path):
    (small_copy(tmp_path) / "epci.csv").unlink()
    with pytest.raises(FileRefusedError, match=r"epci\.csv.*introuvable"):
        read_places(tmp_path)


def test_base_address_of_the_api_asks_for_all_that_is_needed():
    with serving(as_json(api_commune("35238", "Rennes"))) as (address, asked):
        places = read_places(address)
    (path, headers) = asked[0]
    assert path.startswith("/communes?fields=nom%2Ccode%2CcodesPostaux")
    assert headers["User-Agent"].startswith("registre-ptce/")
    rennes = places.communes[0]
    assert (rennes.latitude, rennes.longitude) == (Decimal("48.1"), Decimal("-1.6"))
    assert len(places.regions) == 18
    assert places.former == []


def test_overseas_collectivities_of_the_api_are_left_out():
    body = as_json(
        api_commune("35238", "Rennes"),
        api_commune("97501", "Miquelon-Langlade", codeDepartement="975", codeRegion=None),
    )
    with serving(body) as (address, _):
        assert [place.code for place in read_places(address).communes] == ["35238"]


@pytest.mark.parametrize(
    ("body", "status", "headers", "message"),
    [
        (b"Service en maintenance", 503, {}, "503.*maintenance"),
        (b"Too many", 429, {"Retry-After": "17"}, "17 secondes"),
        (b"<html>", 200, {}, "JSON"),
        (b"{}", 200, {}, "liste"),
        (b"[]", 200, {}, "liste"),
        (b"[1]", 200, {}, "sans code"),
        (as_json({"nom": "Rennes"}), 200, {}, "sans code"),
        (as_json(api_commune("35238", "Rennes", codeEpci=None)), 200, {}, "codeEpci"),
        (as_json(api_commune("35238", "Rennes", codeEpci="1")), 200, {}, "EPCI"),
        (as_json(api_commune("35238", "Rennes", codeRegion="52")), 200, {}, "région 52"),
        (as_json(api_commune("35238", "Rennes", centre=[1, 2])), 200, {}, None),
        (as_json(api_commune("35238", "Rennes", codesPostaux=35000)), 200, {}, "liste de textes"),
        (as_json(api_commune("35238", "Rennes", population=-1)), 200, {}, "population"),
        (as_json(api_commune("35238", "Rennes")) * 1 + b"]", 200, {}, "JSON"),
    ],
)
def test_api_that_answers_otherwise_is_refused(body, status, headers, message):
    with (
        serving(body, status, headers) as (address, _),
        pytest.raises(FileRefusedError, match=message),
    ):
        read_places(address)


def test_address_that_does_not_answer():
    with pytest.raises(FileRefusedError, match="pas de réponse"):
        read_places("http://127.0.0.1:9/communes")


degrees = st.decimals(-20, 20, places=5)
positions = st.one_of(st.none(), st.tuples(degrees, degrees))


@given(st.lists(st.tuples(st.sampled_from(["a", "b", None]), positions), max_size=12))
def test_derived_positions_lie_among_the_known_ones(drawn):
    communes = [
        Place(
            TerritoryKind.COMMUNE,
            str(number),
            "x",
            epci=epci,
            departement="1",
            region="1",
            latitude=position[0] if position else None,
            longitude=position[1] if position else None,
        )
        for number, (epci, position) in enumerate(drawn)
    ]
    known = [commune.latitude for commune in communes if commune.latitude is not None]
    give_positions(Places([], [], [], communes, []))
    for commune, (_, position) in zip(communes, drawn, strict=True):
        assert commune.approximate == (position is None and bool(known))
        if known:
            assert min(known) <= commune.latitude <= max(known)
        else:
            assert commune.latitude is None
