import { disturbancesOf } from './migration-disturbances';

const whys = (...statements: string[]): string[] =>
  disturbancesOf(statements, new Set(['shop_book', 'Odd'])).map(({ why }) => why);

describe('statements that disturb a project that is running', () => {
  it.each([
    ['CREATE INDEX "i" ON "shop_book" ("title")', 'builds an index while writes wait'],
    ['CREATE UNIQUE INDEX i ON public.shop_book (title)', 'builds an index while writes wait'],
    ['CREATE INDEX "i" ON "Odd" ("a")', 'builds an index while writes wait'],
    ['ALTER TABLE "shop_book" ALTER COLUMN "n" TYPE bigint USING "n"::bigint', 'changes a type while everybody waits'],
    ['ALTER TABLE "shop_book" ALTER COLUMN "n" SET NOT NULL', 'reads all rows while everybody waits'],
    ['ALTER TABLE "shop_book" ADD CONSTRAINT "u" UNIQUE ("a", "b")', 'builds an index while everybody waits'],
    ['ALTER TABLE "shop_book" ADD CONSTRAINT "c" CHECK (("n" >= 0))', 'checks all rows while writes wait'],
    ['ALTER TABLE "shop_book" DROP COLUMN "n" CASCADE', 'takes away what the version that still runs uses'],
    ['ALTER TABLE "shop_book" RENAME COLUMN "n" TO "m"', 'takes away what the version that still runs uses'],
    ['UPDATE "shop_book" SET "n" = 1', 'changes all rows at once'],
    [
      'SET CONSTRAINTS "x" IMMEDIATE; ALTER TABLE "shop_book" DROP COLUMN "n"',
      'takes away what the version that still runs uses',
    ],
  ])('are found: %s', (statement, why) => expect(whys(statement)).toEqual([why]));

  it('are those that drop the default by which older versions could go on', () => {
    const add = 'ALTER TABLE "shop_book" ADD COLUMN "paid" boolean DEFAULT false NOT NULL';
    expect(whys(add)).toEqual([]);
    expect(whys(add, 'ALTER TABLE "shop_book" ALTER COLUMN "paid" DROP DEFAULT')).toEqual([
      'refuses rows of the version that still runs',
    ]);
  });

  it.each([
    'CREATE INDEX CONCURRENTLY "i" ON "shop_book" ("title")',
    'CREATE TABLE "shop_new" ("id" bigint)',
    'CREATE INDEX "i" ON "shop_new" ("title")',
    'ALTER TABLE "shop_new" ADD CONSTRAINT "u" UNIQUE ("a")',
    'ALTER TABLE "shop_book" ADD COLUMN "note" text NULL',
    'ALTER TABLE "shop_book" ADD CONSTRAINT "u" UNIQUE USING INDEX "i"',
    'ALTER TABLE "shop_book" ADD CONSTRAINT "c" CHECK ("n" > 0) NOT VALID',
    'ALTER TABLE "shop_book" VALIDATE CONSTRAINT "c"',
    'UPDATE "shop_book" SET "n" = 1 WHERE "id" < 100',
    "INSERT INTO shop_book (title) VALUES ('ALTER TABLE shop_book DROP COLUMN n')",
    '',
  ])('are not these: %s', (statement) => expect(whys(statement)).toEqual([]));
});
