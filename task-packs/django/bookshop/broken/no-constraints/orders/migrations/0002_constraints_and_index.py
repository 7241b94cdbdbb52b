from django.db import migrations


class Migration(migrations.Migration):
    """Broken: the database refuses nothing and finds nothing quickly."""

    dependencies = [("orders", "0001_initial")]

    operations = []
