from django.db import migrations, models


def fill(apps, _schema_editor):
    seats = apps.get_model("events", "Seat").objects.filter(label=None)
    seats.update(
        label=models.functions.Concat(
            "row", models.Value("-"), models.functions.Cast("number", models.CharField()), output_field=models.CharField()
        )
    )


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]

    operations = [
        migrations.AddField("seat", "label", models.CharField(max_length=9, null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
