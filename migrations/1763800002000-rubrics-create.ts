import { RUBRIC_V1 } from '@assay/scoring/rubric-v1';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grantToApi } from './tenancy';

export class RubricsCreate1763800002000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE rubrics (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        version text NOT NULL UNIQUE,
        title text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query(`
      CREATE TABLE rubric_areas (
        rubric_id uuid NOT NULL REFERENCES rubrics,
        id text NOT NULL CHECK (id ~ '^[A-E]$'),
        name text NOT NULL,
        weight numeric(6,5) NOT NULL CHECK (weight > 0 AND weight <= 1),
        PRIMARY KEY (rubric_id, id)
      )`);
    await runner.query(`
      CREATE TABLE rubric_criteria (
        rubric_id uuid NOT NULL,
        id text NOT NULL CHECK (id ~ '^[A-E][1-5]$'),
        area_id text NOT NULL CHECK (area_id = left(id, 1)),
        name text NOT NULL,
        weight numeric(6,5) NOT NULL CHECK (weight > 0 AND weight <= 1),
        auto_evidence text NOT NULL,
        human_rated boolean NOT NULL,
        PRIMARY KEY (rubric_id, id),
        FOREIGN KEY (rubric_id, area_id) REFERENCES rubric_areas
      )`);
    await runner.query(`
      CREATE TABLE rubric_levels (
        rubric_id uuid NOT NULL,
        criterion_id text NOT NULL,
        level smallint NOT NULL CHECK (level BETWEEN 0 AND 3),
        description text NOT NULL,
        PRIMARY KEY (rubric_id, criterion_id, level),
        FOREIGN KEY (rubric_id, criterion_id) REFERENCES rubric_criteria
      )`);
    for (const table of ['rubrics', 'rubric_areas', 'rubric_criteria', 'rubric_levels'])
      await grantToApi(runner, table, ['SELECT']);
    await this.seed(runner);
  }

  private async seed(runner: QueryRunner): Promise<void> {
    const [rubric] = (await runner.query('INSERT INTO rubrics (version, title) VALUES ($1, $2) RETURNING id', [
      RUBRIC_V1.version,
      'Django developer',
    ])) as [{ id: string }];
    for (const area of RUBRIC_V1.areas) {
      await runner.query('INSERT INTO rubric_areas (rubric_id, id, name, weight) VALUES ($1, $2, $3, $4)', [
        rubric.id,
        area.id,
        area.name,
        area.weight,
      ]);
      for (const criterion of area.criteria) {
        await runner.query(
          `INSERT INTO rubric_criteria (rubric_id, id, area_id, name, weight, auto_evidence, human_rated) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
          [rubric.id, criterion.id, area.id, criterion.name, criterion.weight, criterion.autoEvidence, criterion.humanRated],
        );
        for (const [level, description] of criterion.levels.entries()) {
          await runner.query('INSERT INTO rubric_levels (rubric_id, criterion_id, level, description) VALUES ($1, $2, $3, $4)', [
            rubric.id,
            criterion.id,
            level,
            description,
          ]);
        }
      }
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE rubric_levels, rubric_criteria, rubric_areas, rubrics');
  }
}
