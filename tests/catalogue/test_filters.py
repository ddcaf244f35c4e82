"""The filters: any query string is answered, and facets never disagree with the poles."""

import string
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue.facets import count
from catalogue.filters import PoleFilterSet
from catalogue.models import PoleIndex
from catalogue.results import PAGE_SIZE, results
from members.kinds import OrganisationKind
from poles.models import Maturity, Pole, RecordState

pytestmark = pytest.mark.django_db

KNOWN = {
    "q": ["insertion", "pole sud archers", "alimentaton durable", "de la", "'", "\\", "%", "&|!:*"],
    "region": ["53", "84", "01", "94", "non-renseigne", "99"],
    "departement": ["44", "2A", "971", "non-renseigne", "00"],
    "theme": ["non-renseigne", "inconnu"],
    "maturite": [*Maturity.values, "autre"],
    "membre": [*OrganisationKind.values, "non-renseigne"],
    "appel": ["ami-2021", "aap-2013", "non-renseigne", "x"],
    "reseau": ["non-renseigne"],
    "reconnaissance": ["aucune", "reconnu"],
    "commune": ["44109", "85146", "2A004", "99999", "x"],
    "epci": ["244400404", "1"],
    "pres": ["44109", "97411", ""],
    "lat": ["47.2", "91", "abc", "nan", "inf", "1e400"],
    "lon": ["-1.5", "181", ""],
    "rayon": ["10", "0", "-5", "50,5", "99999"],
    "tri": ["nom", "creation", "confirmation", "distance", "pertinence", "zut"],
    "page": ["1", "2", "0", "-1", "abc", "999999999999", "1.5"],
    "vue": ["6/46.5/2", "x"],
}
NOISE = st.text(alphabet=st.characters(codec="utf-8"), max_size=40)
PAIR = st.sampled_from(sorted(KNOWN)).flatmap(
    lambda name: st.tuples(st.just(name), st.one_of(st.sampled_from(KNOWN[name]), NOISE))
)
QUERIES = st.lists(
    st.one_of(PAIR, st.tuples(st.text(string.ascii_letters, min_size=1, max_size=8), NOISE)),
    max_size=6,
)


def asked(query: str) -> PoleFilterSet:
    return PoleFilterSet(QueryDict(query))


def names(query: str) -> list[str]:
    selection = asked(query)
    return [row.pole.name for row in results(selection, count(selection).total)]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(QUERIES)
def test_any_query_string_is_answered(client, pairs):
    for address in ("/poles/", "/carte/", "/carte/poles.geojson"):
        assert client.get(f"{address}?{urlencode(pairs)}").status_code == 200


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(QUERIES)
def test_facets_agree_with_the_poles(pairs):
    selection = asked(urlencode(pairs))
    counted = count(selection)
    assert counted.total == selection.rows().count()
    for facet in counted.facets:
        for value in facet.values:
            query = [(name, text) for name, text in pairs if name != facet.name]
            alone = asked(urlencode([*query, (facet.name, value.value)]))
            assert value.count == alone.rows().count(), (facet.name, value)


def test_unknown_values_are_left_off_with_a_message():
    selection = asked("region=99&region=53&rayon=abc")
    assert selection.values == {"region": ["53"]}
    assert len(selection.messages) == 2
    assert "«\u00a099\u00a0»" in selection.messages[0]


def test_only_published_poles_are_found(settle):
    everything = asked("").rows().count()
    pole = Pole.objects.get(slug="pole-alpen")
    Pole.objects.filter(pk=pole.pk).update(
        record_state=RecordState.ARCHIVED, archive_reason="Doublon"
    )
    settle()
    assert asked("").rows().count() == everything - 1
    assert "Pôle Alpen" not in names("q=alpen")
    Pole.objects.filter(pk=pole.pk).update(record_state=RecordState.PUBLISHED)
    settle()
    assert names("q=alpen") == ["Pôle Alpen"]


def test_facets_are_read_once_a_version(settle, django_assert_num_queries):
    count(asked(""))
    with django_assert_num_queries(0):
        count(asked("theme=culture-et-creation&article9=indeterminee"))
    before = count(asked("")).total
    Pole.objects.filter(slug="pole-alpen").update(
        record_state=RecordState.ARCHIVED, archive_reason="Doublon"
    )
    settle()
    assert count(asked("")).total == before - 1


def test_best_first_answers_the_other_filters_too():
    both = names("q=alimentation&maturite=existant")
    assert 0 < len(both) < len(names("q=alimentation"))
    order = names("q=alimentation")
    assert both == [name for name in order if name in both]
    assert set(both) == {row.pole.name for row in asked("q=alimentation&maturite=existant").rows()}


def test_not_given_is_a_value():
    without_theme = set(PoleIndex.objects.filter(themes=[]).values_list("pole_id", flat=True))
    assert without_theme
    assert {row.pole_id for row in asked("theme=non-renseigne").rows()} == without_theme


def test_commune_finds_what_covers_it_and_what_lies_near():
    here = asked("commune=44109").rows().count()
    around = asked("commune=44109&rayon=100")
    assert around.rows().count() >= here > 0
    distances = [row.distance for row in results(asked("commune=44109&rayon=100&tri=distance"), 99)]
    known = [distance for distance in distances if distance is not None]
    assert known == sorted(known)


def test_near_leaves_out_what_is_only_approximate():
    for row in asked("lat=47.2&lon=-1.55&rayon=300").rows():
        assert row.precision <= 1
        assert row.distance <= 300


@pytest.mark.parametrize("sort", ["nom", "creation", "confirmation"])
def test_pages_show_every_pole_once(sort):
    total = count(asked("")).total
    shown: list[int] = []
    for page in range(1, total // PAGE_SIZE + 2):
        shown += [row.pole_id for row in results(asked(f"tri={sort}&page={page}"), total)]
    assert len(shown) == len(set(shown)) == total
