"""What "Comprendre" says of who is in a pole, and of how to start one."""

from dataclasses import dataclass

PEOPLE = (
    (
        "des entreprises de l’économie sociale et solidaire : associations, coopératives, "
        "mutuelles, fondations, sociétés commerciales de l’ESS ;"
    ),
    "d’autres entreprises, de toute taille ;",
    "des organismes de formation ;",
    "des collectivités territoriales et leurs groupements ;",
    "des centres de recherche, des établissements d’enseignement supérieur et de recherche ;",
    "toute autre personne, physique ou morale, qui prend part au projet commun.",
)


@dataclass(frozen=True)
class Step:
    title: str
    text: str
    link: str = ""
    link_label: str = ""


STEPS = (
    Step(
        "Partir d’un besoin du territoire",
        "Un besoin que personne ne couvre seul : des emplois d’insertion, une filière locale, un "
        "lieu partagé. Regardez aussi quels pôles existent près de chez vous : en rejoindre un "
        "est parfois plus rapide que d’en créer un.",
        "map",
        "Voir les pôles sur la carte",
    ),
    Step(
        "Réunir les premiers membres",
        "Des structures de natures différentes, qui acceptent de décider ensemble : au moins une "
        "entreprise de l’ESS, une autre entreprise, un organisme de formation. Associez tôt les "
        "collectivités et, si possible, une équipe de recherche.",
        "article9",
        "Comprendre les rôles des membres",
    ),
    Step(
        "Écrire la stratégie commune",
        "Ce que le pôle mutualise (des locaux, des emplois, des achats, du matériel, des "
        "formations, des connaissances), les projets qu’il porte, le territoire où il agit, et la "
        "façon dont ses membres décident.",
    ),
    Step(
        "Choisir qui porte le pôle",
        "La loi n’impose aucune forme juridique. L’un des membres peut porter le pôle ; le pôle "
        "peut aussi devenir une personne morale, association ou société coopérative par exemple. "
        "Vérifiez ce que demande le cahier des charges de l’appel que vous visez : les règles "
        "varient d’un appel à l’autre.",
    ),
    Step(
        "Se faire accompagner",
        "Les chambres régionales de l’ESS et les réseaux nationaux aident les porteurs de projet. "
        "La page de votre région dit lesquels le registre connaît.",
        "region-list",
        "Trouver les réseaux de ma région",
    ),
    Step(
        "Chercher un financement",
        "L’État choisit les pôles qu’il soutient par des appels à projets. D’autres financeurs, "
        "régions comprises, ont leurs propres appels.",
        "call-list",
        "Consulter les appels à projets",
    ),
    Step(
        "Figurer au registre",
        "Les fiches sont tenues par les réseaux de l’ESS. Signalez votre pôle à celui de votre "
        "région : la fiche dira ce qui est connu, d’où cela vient, et de quand cela date.",
    ),
)
