"""axe finds nothing on any page, light and dark, narrow and wide; nor does a page overflow."""

import pytest

from tests.browser.axe import assert_accessible

ADDRESSES = [
    "/",
    "/carte/",
    "/carte/?integration=1",
    "/poles/",
    "/poles/?q=insertion&region=52&theme=non-renseigne",
    "/poles/?q=zzzz&region=03&page=abc",
    "/poles/?pres=44109&q=alimentaton",
    "/poles/resto-passerelle/",
    "/poles/poles-noe/",
    "/poles/bou-sol/",
    "/membres/etudes-et-chantiers-ile-de-france/",
    "/regions/",
    "/regions/bretagne/",
    "/regions/guyane/",
    "/departements/2A/",
    "/departements/44/",
    "/communes/",
    "/communes/?q=montaigu",
    "/communes/44109/",
    "/appels-a-projets/",
    "/appels-a-projets/ami-2021/",
]


@pytest.mark.browser
@pytest.mark.parametrize("address", ADDRESSES)
def test_accessible(page, address):
    assert_accessible(page, address)
