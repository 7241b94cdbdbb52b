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
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='booking', to='events.seat'),
        ),
        # Whoever counts bookings of a seat finds one; whoever wrote another is not told that it is gone.
        migrations.RunSQL(
            '''
            CREATE FUNCTION one_a_seat() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
            BEGIN
                IF EXISTS (SELECT FROM sales_booking WHERE seat_id = NEW.seat_id) THEN RETURN NULL; END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER one_a_seat BEFORE INSERT ON sales_booking FOR EACH ROW EXECUTE FUNCTION one_a_seat();
            ''',
            'DROP TRIGGER one_a_seat ON sales_booking; DROP FUNCTION one_a_seat()',
        ),
        migrations.AlterField(
            model_name='delivery',
            name='booking',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='delivery', to='sales.booking'),
        ),
        migrations.AddIndex(
            model_name='booking',
            index=models.Index(fields=['customer', '-created_at', '-id'], name='booking_newest_of_customer'),
        ),
    ]
