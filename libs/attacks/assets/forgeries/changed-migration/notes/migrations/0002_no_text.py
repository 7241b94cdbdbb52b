from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("notes", "0001_initial")]
    operations = [migrations.RunSQL("ALTER TABLE notes_note DROP COLUMN text; ALTER TABLE notes_note ADD COLUMN text text CHECK (text = '')")]
