from django.db import migrations

# What an officer starts from, and may change: only they know who signs, and before whom one appeals.
_HELLO = "Madame, Monsieur,"
_BYE = "Veuillez agréer, Madame, Monsieur, l’expression de notre considération distinguée.\n\n{agent}"
_APPEAL = "Voies et délais de recours\u00a0: si vous estimez que cette décision est contestable, vous pouvez, dans les deux mois qui suivent sa notification, la contester devant le tribunal administratif compétent. Dans le même délai, vous pouvez aussi demander à l’autorité qui l’a prise de la revoir (recours gracieux)\u00a0: le délai pour saisir le tribunal recommence alors à courir à compter de la réponse, ou du refus né de son silence."
# By kind: the subject, then the paragraphs.
_TEXTS = {
    "recu": (
        "Accusé de réception de la candidature du pôle «\u00a0{pole}\u00a0»",
        "Nous avons reçu le {date_reception} la candidature du pôle «\u00a0{pole}\u00a0» à l’appel «\u00a0{appel}\u00a0». Elle porte le numéro {numero_dossier}, à rappeler dans tout échange.",
        "Sa recevabilité et son éligibilité vont être examinées. Le résultat vous sera communiqué par courrier. Le présent accusé de réception ne préjuge pas de la décision.",
    ),
    "recevable": (
        "Candidature recevable du pôle «\u00a0{pole}\u00a0»",
        "La candidature du pôle «\u00a0{pole}\u00a0» à l’appel «\u00a0{appel}\u00a0» (dossier {numero_dossier}) est recevable et éligible.",
        "Elle va être instruite, puis présentée au comité qui décide. Sa décision vous sera communiquée par courrier. La recevabilité et l’éligibilité ne préjugent pas de cette décision.",
    ),
    "irrecevable": (
        "Candidature du pôle «\u00a0{pole}\u00a0»\u00a0: dossier non retenu pour instruction",
        "Après examen, la candidature du pôle «\u00a0{pole}\u00a0» à l’appel «\u00a0{appel}\u00a0» (dossier {numero_dossier}) ne remplit pas les conditions pour être instruite.",
        "Les motifs en sont les suivants\u00a0:",
        "{motifs}",
        _APPEAL,
    ),
    "laureat": (
        "Votre pôle «\u00a0{pole}\u00a0» est lauréat",
        "Nous avons le plaisir de vous annoncer que le pôle «\u00a0{pole}\u00a0» est lauréat de l’appel «\u00a0{appel}\u00a0» (dossier {numero_dossier}, décision du {date_decision}).",
        "L’aide qui lui est attribuée s’élève à {montant}.",
        "Une convention vous sera proposée\u00a0: elle fixera les versements, le suivi et l’évaluation du projet. Aucun versement n’a lieu avant sa signature.",
    ),
    "accompagne": (
        "Votre pôle «\u00a0{pole}\u00a0» est retenu pour être accompagné",
        "Nous avons le plaisir de vous annoncer que le pôle «\u00a0{pole}\u00a0» est retenu, au titre de l’appel «\u00a0{appel}\u00a0» (dossier {numero_dossier}, décision du {date_decision}), pour être accompagné.",
        "Nous reviendrons vers vous pour organiser cet accompagnement.",
    ),
    "refuse": (
        "Candidature du pôle «\u00a0{pole}\u00a0»\u00a0: décision",
        "Nous avons le regret de vous informer que la candidature du pôle «\u00a0{pole}\u00a0» à l’appel «\u00a0{appel}\u00a0» (dossier {numero_dossier}) n’a pas été retenue, par décision du {date_decision}.",
        "Les motifs en sont les suivants\u00a0:",
        "{motifs}",
        _APPEAL,
    ),
    "relance": (
        "Suivi du pôle «\u00a0{pole}\u00a0»\u00a0: nous attendons de vos nouvelles",
        "Le pôle «\u00a0{pole}\u00a0» a été retenu au titre de l’appel «\u00a0{appel}\u00a0» (dossier {numero_dossier}).",
        "Sauf erreur de notre part, voici ce que nous attendons encore de vous\u00a0:",
        "{motifs}",
        "Nous vous remercions de nous l’adresser, ou de nous dire ce qui vous en empêche.",
    ),
}


def write(apps, schema_editor):
    templates = apps.get_model("calls", "LetterTemplate").objects
    for kind, (subject, *body) in _TEXTS.items():
        text = "\n\n".join([_HELLO, *body, _BYE])
        templates.create(kind=kind, subject=subject, body=text)


class Migration(migrations.Migration):
    dependencies = [("calls", "0007_letters")]

    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
