import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("activities", "0004_review_and_still_true"),
    ]

    operations = [
        migrations.CreateModel(
            name="ActivityFeatures",
            fields=[
                (
                    "activity",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="features",
                        serialize=False,
                        to="activities.activity",
                    ),
                ),
                ("data", models.TextField(null=True)),
                ("country", models.BigIntegerField(default=0)),
                ("place", models.BigIntegerField(default=0)),
                ("start", models.IntegerField(default=0)),
                ("end", models.IntegerField(default=0)),
                ("is_stale", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_stale", True)),
                        fields=["is_stale"],
                        name="activities_features_stale",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WordCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("mark", models.CharField(max_length=40)),
                ("country", models.BigIntegerField(default=0)),
                ("count", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("mark", "country"), name="activities_word_count_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ActivityKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("mark", models.CharField(max_length=40)),
                ("country", models.BigIntegerField()),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="activities.activity",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["mark", "country", "activity"], name="activities_key_by_mark"
                    )
                ],
            },
        ),
    ]
