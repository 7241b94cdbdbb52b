import type { CheckResult } from '@assay/contracts/grading-report';
import { type Changes, GradingBench, TINY_SEATS, withChecksOf, withoutTimings } from '../../fixtures/grading-bench';

jest.setTimeout(180_000);

const MODELS = `from django.db import models
class Event(models.Model):
    name = models.CharField(max_length=50)
    seats = models.IntegerField()
    sold = models.IntegerField(default=0)
class Booking(models.Model):
    event = models.ForeignKey(Event, on_delete=models.CASCADE)
    customer = models.CharField(max_length=20)
    number = models.IntegerField(default=0)
    MORE
    class Meta:
        indexes = [models.Index(fields=["customer", "id"], name="booking_of_customer")]
`;
const models = (more: string): Changes => ({ 'box/models.py': MODELS.replace('MORE', more) });
/** The last migration of the project, after the two that the reference has. */
const third = (operations: string, imports = ''): Changes => ({
  'box/migrations/0003_third.py': `from django.db import migrations, models
${imports}
class Migration(migrations.Migration):
    dependencies = [("box", "0002_booking_of_customer")]
    operations = [${operations}]
`,
});

describe('migrations in databases of their own', () => {
  let bench: GradingBench;
  beforeAll(async () => {
    bench = await GradingBench.open(TINY_SEATS);
  }, 600_000);
  afterAll(() => bench.close());

  const grade = async (changes: Changes): Promise<{ text: string; checks: Record<string, CheckResult> }> => {
    const report = await bench.grade(changes, { pack: withChecksOf(bench.pack, 'migrations.ts') });
    expect(report.reason).toBeNull();
    return {
      text: withoutTimings(report),
      checks: Object.fromEntries(report.checks.map((check) => [check.id, check])),
    };
  };

  it('keep rows, lead back and make what the models need, with the same evidence in every grade', async () => {
    const { text, checks } = await grade({});
    expect(Object.values(checks).map(({ status, messageForReviewer }) => [status, messageForReviewer])).toEqual(
      Array.from({ length: 3 }, () => ['passed', 'Every expectation held.']),
    );
    expect(checks['a5-migrations-keep-rows']?.evidence.records).toEqual([
      {
        kind: 'migration',
        title: 'migrate box 0001',
        text: 'ended with exit code 0\napplied: box.0001_initial',
        truncated: false,
      },
      {
        kind: 'migration',
        title: 'migrate',
        text: 'ended with exit code 0\napplied: box.0002_booking_of_customer',
        truncated: false,
      },
    ]);
    expect((await grade({})).text).toBe(text);
  });

  it('are seen to lose rows, and to be without a way back', async () => {
    const { checks } = await grade(
      third('migrations.RunPython(lambda apps, editor: apps.get_model("box", "Booking").objects.filter(number=8).delete())'),
    );
    expect(checks['a5-migrations-keep-rows']).toMatchObject({
      status: 'failed',
      messageForReviewer: expect.stringMatching(/^bookings after it/),
    });
    expect(checks['a5-migrations-lead-back']).toMatchObject({
      status: 'failed',
      messageForReviewer: 'the migrations lead back to the first one',
    });
    expect(checks['a5-migrations-lead-back']?.evidence.records[1]?.text).toMatch(
      /^ended with exit code 1\n[\s\S]*IrreversibleError/,
    );
    expect(checks['a5-models-have-migrations']?.status).toBe('passed');
  });

  it('are seen to leave something behind on the way back', async () => {
    const { checks } = await grade(
      third(
        'migrations.RunSQL("CREATE INDEX i ON box_booking (number)", "DROP INDEX i; ALTER TABLE box_event ADD UNIQUE (name)")',
      ),
    );
    expect(checks['a5-migrations-lead-back']).toMatchObject({ status: 'failed' });
    expect(checks['a5-migrations-lead-back']?.messageForReviewer).toContain('the database after going back and forward');
    expect(checks['a5-models-have-migrations']?.messageForReviewer).toContain(
      'got ["index CREATE INDEX ON public.box_booking USING btree (number)"]',
    );
  });

  it('are seen to lag behind the models', async () => {
    const { checks } = await grade(models('paid = models.BooleanField(default=False, db_index=True)'));
    expect(checks['a5-models-have-migrations']?.messageForReviewer).toBe(
      `what the models need and no migration makes: expected [], got ${JSON.stringify([
        'column public.box_booking.paid boolean not null',
        'index CREATE INDEX ON public.box_booking USING btree (paid)',
      ])}`,
    );
    expect(checks['a5-migrations-keep-rows']?.status).toBe('passed');
  });

  it('are seen to hold others up', async () => {
    const { checks } = await grade({
      ...third(
        'migrations.AlterField("booking", "number", models.BigIntegerField(default=0)), migrations.AddIndex("event", models.Index(fields=["name"], name="by_name"))',
      ),
    });
    const records = checks['a5-migrations-keep-rows']?.evidence.records.map(({ text }) => text).join('\n');
    expect(checks['a5-migrations-keep-rows']?.status).toBe('failed');
    expect(records).toContain('stored anew: public.box_booking');
    expect(records).toContain(
      'box_booking: changes a type while everybody waits [ALTER TABLE "box_booking" ALTER COLUMN "number" TYPE bigint',
    );
    expect(records).toContain('box_event: builds an index while writes wait [CREATE INDEX "by_name" ON "box_event" ("name")]');
  });

  it('are believed by what is in the database, not by what the command says', async () => {
    const { checks } = await grade({
      'box/management/__init__.py': '',
      'box/management/commands/__init__.py': '',
      'box/management/commands/migrate.py': `import sys
from django.core.management.commands import migrate
class Command(migrate.Command):
    def handle(self, *arguments, **options):
        if "manage.py" not in sys.argv[0] and "box" in sys.argv:
            print("OK")
            return
        super().handle(*arguments, **options)
`,
    });
    expect(checks['a5-migrations-keep-rows']).toMatchObject({
      status: 'failed',
      messageForReviewer: expect.stringMatching(/^migrations of the first version/),
    });
    expect(checks['a5-migrations-lead-back']).toMatchObject({ status: 'failed' });
  });
});
