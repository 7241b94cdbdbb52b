from django.db import migrations, models


def fill(apps, _schema_editor):
    for seat in apps.get_model("events", "Seat").objects.all():
        seat.label = seat.row + str(seat.number)
        seat.save()


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]

    operations = [
        migrations.AddField("seat", "label", models.CharField(max_length=9, null=True)),
        migrations.RunPython(fill),
    ]
