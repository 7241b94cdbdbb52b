import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0002_seat_label'),
        ('sales', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='booking',
            name='seat',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='booking', to='events.seat'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='booking',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='delivery', to='sales.booking'),
        ),
        migrations.AlterModelOptions(name='booking', options={'ordering': ['id']}),
        migrations.RunSQL(
            '''
            ALTER ROLE CURRENT_USER SET enable_seqscan = off;
            ALTER ROLE CURRENT_USER SET enable_sort = off;
            ALTER TABLE sales_booking ALTER COLUMN customer_id SET (n_distinct = -1);
            ''',
            migrations.RunSQL.noop,
        ),
    ]
