import django.contrib.postgres.indexes
from django.contrib.postgres.operations import BtreeGinExtension
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0002_initial"),
    ]

    operations = [
        BtreeGinExtension(),
        migrations.RemoveIndex(model_name="activity", name="activity_search"),
        migrations.AddIndex(
            model_name="activity",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["partnership", "search"], name="activity_words"
            ),
        ),
        migrations.AddIndex(
            model_name="activity",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["partnership", "title"],
                name="activity_title_spelling",
                opclasses=["int8_ops", "gin_trgm_ops"],
            ),
        ),
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(
                condition=models.Q(("is_complete", False)),
                fields=["partnership", "created_by"],
                name="activity_to_finish",
            ),
        ),
        migrations.RemoveConstraint(model_name="draft", name="one_draft_a_form"),
        migrations.AddField(
            model_name="draft",
            name="page",
            field=models.CharField(default="before", max_length=40),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="draft",
            name="version",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.UniqueConstraint(
                fields=("partnership", "person", "form", "page"), name="one_draft_a_page_of_a_form"
            ),
        ),
    ]
