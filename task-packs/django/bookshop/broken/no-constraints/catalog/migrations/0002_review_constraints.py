from django.db import migrations


class Migration(migrations.Migration):
    """Broken: the database refuses nothing."""

    dependencies = [("catalog", "0001_initial")]

    operations = []
