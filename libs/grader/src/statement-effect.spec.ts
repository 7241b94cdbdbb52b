import { effectOf } from './statement-effect';

describe('the effect of a statement', () => {
  it.each([
    'SELECT 1',
    '  select "update" from t where a = \'DELETE FROM x\' for update',
    '/* UPDATE t */ SELECT $$ INSERT INTO t $$ -- DELETE FROM t',
    '(SELECT 1) UNION (SELECT 2)',
    'BEGIN',
    'SAVEPOINT s',
    'RELEASE SAVEPOINT s',
    'ROLLBACK',
    'SET TRANSACTION ISOLATION LEVEL SERIALIZABLE',
    'LOCK TABLE t IN EXCLUSIVE MODE',
    'DECLARE c CURSOR FOR SELECT 1',
    'WITH a AS (SELECT 1 FOR UPDATE) SELECT * FROM a FOR NO KEY UPDATE',
    '',
    ';',
  ])('is to read: %s', (sql) => expect(effectOf(sql)).toBe('read'));

  it.each([
    'INSERT INTO t VALUES (1)',
    'update t set a = 1',
    'DELETE FROM t',
    'MERGE INTO t USING s ON true WHEN MATCHED THEN DELETE',
    'WITH gone AS (DELETE FROM t RETURNING *) SELECT * FROM gone',
    'WITH a AS (SELECT 1) UPDATE t SET a = 1',
    'TRUNCATE t',
    'DO $$ BEGIN END $$',
    'CALL p()',
    'COPY t FROM STDIN',
    'SELECT 1; UPDATE t SET a = 1; COMMIT',
  ])('is to write: %s', (sql) => expect(effectOf(sql)).toBe('write'));

  it.each(['COMMIT', 'commit;', 'END', 'SELECT 1; COMMIT'])('is to end a transaction: %s', (sql) =>
    expect(effectOf(sql)).toBe('commit'),
  );

  it('is told by the beginning of a text that is very long', () => {
    const many = Array.from({ length: 5_000 }, (_, id) => id).join(', ');
    expect(effectOf(`SELECT * FROM t WHERE id IN (${many})`)).toBe('read');
    expect(effectOf(`INSERT INTO t VALUES (${many})`)).toBe('write');
    expect(effectOf(`WITH a AS (SELECT ${many}) DELETE FROM t`)).toBe('write');
  });
});
