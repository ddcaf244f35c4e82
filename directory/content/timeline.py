"""The dates of the PTCEs, from the idea to today, each with its source where one can be opened.

Numbers of candidates and laureates are those that were announced; where sources differ, all are
given.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Milestone:
    date: str
    # What <time datetime> takes: a year, a month or a day; empty for a span of years.
    datetime: str
    title: str
    text: str
    # The code of a national call, which has its own page.
    call: str = ""
    source: str = ""
    source_url: str = ""


MILESTONES = (
    Milestone(
        date="Avril 2009",
        datetime="2009-04",
        title="L’idée",
        text=(
            "Elle se forme dans le groupe « Territoire » du Labo de l’économie sociale et "
            "solidaire, fondé par Claude Alphandéry, avec le Réseau des collectivités "
            "territoriales pour une économie solidaire (RTES), Coorace, l’association des régions "
            "de France, la chambre régionale de l’ESS d’Île-de-France et le Mouvement pour "
            "l’économie solidaire."
        ),
    ),
    Milestone(
        date="Septembre 2011",
        datetime="2011-09",
        title="Un premier appel, lancé par les réseaux",
        text=(
            "Le Labo de l’ESS et ses partenaires lancent un appel à initiatives. Plus de "
            "130 projets y répondent ; ils sont rangés en trois degrés de maturité, que le "
            "registre emploie toujours : en projet, émergent, existant. De 18 à 21 pôles témoins "
            "sont retenus, selon les sources. La même année, le nom fait l’objet d’un dépôt à "
            "l’INPI."
        ),
        call="labo-2011",
        source="egess.exemole.fr, cahier 163",
        source_url="http://egess.exemole.fr/bdf/corpus_cahier/cahier-163.html",
    ),
    Milestone(
        date="2012 et 2013",
        datetime="",
        title="L’État reprend l’idée",
        text=(
            "Avec la Caisse des Dépôts, l’État ouvre le 15 juillet 2013 un appel à projets doté "
            "de 3 millions d’euros. Environ 180 candidatures sont reçues (180, 182 ou 183 selon "
            "les sources) et 23 lauréats annoncés le 10 janvier 2014."
        ),
        call="aap-2013",
        source="Assemblée nationale, question écrite n° 33627",
        source_url="https://questions.assemblee-nationale.fr/q14/14-33627QE.htm",
    ),
    Milestone(
        date="31 juillet 2014",
        datetime="2014-07-31",
        title="La loi donne un cadre",
        text=(
            "L’article 9 de la loi relative à l’économie sociale et solidaire dit ce qu’est un "
            "PTCE et comment l’État choisit ceux qu’il soutient."
        ),
        source="Loi n° 2014-856 du 31 juillet 2014",
        source_url="https://www.legifrance.gouv.fr/loda/id/JORFTEXT000029313296/",
    ),
    Milestone(
        date="15 avril 2015",
        datetime="2015-04-15",
        title="Le décret",
        text=(
            "Le décret n° 2015-431 précise qui peut être retenu dans un appel à projets de "
            "l’État, par qui, et comment les projets sont suivis et évalués."
        ),
    ),
    Milestone(
        date="21 avril 2015",
        datetime="2015-04-21",
        title="Deuxième appel de l’État",
        text=(
            "Lancé pendant le Printemps de l’économie sociale et solidaire, il est doté de "
            "2,7 millions d’euros (2,75 selon certaines sources). Sur 125 candidatures, 99 sont "
            "recevables ; 14 lauréats sont annoncés le 14 janvier 2016."
        ),
        call="aap-2015",
        source="Ministère de l’économie, appels à projets PTCE",
        source_url="https://www.economie.gouv.fr/appels-a-projets-ptce",
    ),
    Milestone(
        date="12 mai 2021",
        datetime="2021-05-12",
        title="Un appel permanent",
        text=(
            "On parle alors d’environ 56 PTCE. L’État ouvre un appel à manifestation d’intérêt "
            "permanent, qui le reste jusqu’en mai 2023 : 107 projets émergents sont accompagnés "
            "et conseillés, 15 lauréats reçoivent chacun 100 000 euros sur deux ans. Chaque "
            "année, les plus avancés peuvent concourir."
        ),
        call="ami-2021",
        source="Chorum, « 15 nouveaux PTCE »",
        source_url="https://chorum.fr/actualite/15-nouveaux-ptce-obtiennent-100-000-euros-de-soutien",
    ),
    Milestone(
        date="Septembre 2022",
        datetime="2022-09",
        title="Appel de 2022",
        text="76 candidatures et 16 lauréats annoncés, pour une enveloppe de 1,6 million d’euros.",
        call="ami-2022",
        source="ESS France",
        source_url=(
            "https://www.ess-france.org/marlene-schiappa-soutient-le-developpement-de-l-ess-dans-les-"
            "territoires-via-un-appel-a-projet-de"
        ),
    ),
    Milestone(
        date="17 octobre 2023",
        datetime="2023-10-17",
        title="Appel de 2023",
        text=(
            "15 lauréats annoncés parmi 67 ou 72 candidatures, selon les sources, pour une "
            "enveloppe de 1,5 million d’euros."
        ),
        call="ami-2023",
        source="Banque des Territoires",
        source_url="https://www.banquedesterritoires.fr",
    ),
    Milestone(
        date="Octobre 2024",
        datetime="2024-10",
        title="Appel de 2024",
        text="64 candidatures et 15 lauréats annoncés, pour une enveloppe de 1,5 million d’euros.",
        call="ami-2024",
        source="Direction de l’économie, de l’emploi, du travail et des solidarités de La Réunion",
        source_url=(
            "https://reunion.deets.gouv.fr/Soutien-financier-de-l-Etat-a-hauteur-de-1-5-million-d-"
            "euros-a-destination-de"
        ),
    ),
    Milestone(
        date="18 décembre 2025",
        datetime="2025-12-18",
        title="Financer le développement des PTCE",
        text=(
            "8 lauréats annoncés parmi 79 candidatures, pour 500 000 euros, avec une priorité aux "
            "territoires ruraux et aux quartiers prioritaires de la politique de la ville. "
            "L’animation est confiée à Coorace."
        ),
        call="ami-2025",
        source="Coorace",
        source_url="http://www.coorace.org/node/16520",
    ),
)
