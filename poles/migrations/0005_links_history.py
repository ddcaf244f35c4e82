import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0004_certain_facts"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("poles", "0004_whole_position"),
    ]

    operations = [
        migrations.CreateModel(
            name="StudyPole",
            fields=[],
            options={
                "verbose_name": "pôle d’une étude",
                "verbose_name_plural": "pôles des études",
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("poles.study_poles",),
        ),
        migrations.CreateModel(
            name="PoleProjectMember",
            fields=[],
            options={
                "verbose_name": "membre engagé dans un projet",
                "verbose_name_plural": "membres engagés dans les projets",
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("poles.poleproject_members",),
        ),
        migrations.CreateModel(
            name="PoleProjectMemberEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "organisation",
                    models.ForeignKey(
                        db_constraint=False,
                        db_tablespace="",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="members.organisation",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "poleproject",
                    models.ForeignKey(
                        db_constraint=False,
                        db_tablespace="",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="poles.poleproject",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="StudyPoleEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pole",
                    models.ForeignKey(
                        db_constraint=False,
                        db_tablespace="",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="poles.pole",
                    ),
                ),
                (
                    "study",
                    models.ForeignKey(
                        db_constraint=False,
                        db_tablespace="",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="poles.study",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="poles.studypole",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="studypole",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "poles_studypoleevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pole_id", "study_id") SELECT new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."pole_id", new_values."study_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="24ff87853fb574dbaaa7ecf9d1eb3e89010cf15d",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_74fd6",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="poles_study_poles",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="studypole",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "poles_studypoleevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pole_id", "study_id") SELECT new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."pole_id", new_values."study_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="48a253ef6e1a2d83fcf9269662e72d05c9f38f4e",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_c104b",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="poles_study_poles",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="studypole",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "poles_studypoleevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pole_id", "study_id") SELECT old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."pole_id", old_values."study_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="42b069bf44ec178c5d2880aa62f58e6375a95f83",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_4a103",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="poles_study_poles",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="poleprojectmemberevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="poles.poleprojectmember",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="poleprojectmember",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "poles_poleprojectmemberevent" ("id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "poleproject_id") SELECT new_values."id", new_values."organisation_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."poleproject_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="7993a3aa974f18e3f8847f5d49b48b73be792cb7",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_09e33",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="poles_poleproject_members",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="poleprojectmember",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "poles_poleprojectmemberevent" ("id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "poleproject_id") SELECT new_values."id", new_values."organisation_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."poleproject_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="20b861c9e9a82c9b4ef458bb1738ab6441fc23f5",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_51e90",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="poles_poleproject_members",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="poleprojectmember",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "poles_poleprojectmemberevent" ("id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "poleproject_id") SELECT old_values."id", old_values."organisation_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."poleproject_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="1b3430a756cdcef23fffaede7211a81ff3b68ae4",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_2a890",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="poles_poleproject_members",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="studypoleevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="3f95fde7f34b00a996da949da4e38443bbf85ad2",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_a4b8b",
                    table="poles_studypoleevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="poleprojectmemberevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="0d268927f058d5a1267445ee40354dde28a34e1b",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_c821a",
                    table="poles_poleprojectmemberevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
