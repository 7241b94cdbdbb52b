/**
 * A database's catalogue as lines, with `kind` and `line`; made to be run with nothing but PostgreSQL's own names in reach, so that
 * nothing of a submission answers in their place.
 */
export const CATALOGUE = `
WITH spaces AS (
  SELECT oid, nspname FROM pg_namespace WHERE nspname <> 'information_schema' AND nspname !~ '^pg_'
), relations AS (
  SELECT c.oid, c.relkind, format('%I.%I', s.nspname, c.relname) AS name
  FROM pg_class c JOIN spaces s ON s.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relname <> 'django_migrations'
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
), lines AS (
  SELECT 'table' AS kind, name || CASE relkind WHEN 'p' THEN ' partitioned' WHEN 'f' THEN ' foreign' ELSE '' END AS line
  FROM relations WHERE relkind IN ('r', 'p', 'f')
  UNION ALL
  SELECT 'column', concat_ws(' ', r.name || '.' || quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
    CASE WHEN a.attnotnull THEN 'not null' ELSE 'null' END,
    CASE a.attidentity WHEN 'a' THEN 'identity' WHEN 'd' THEN 'identity by default' END,
    CASE WHEN a.attgenerated <> '' THEN 'generated' END,
    CASE WHEN a.attcollation <> t.typcollation THEN 'collate ' || quote_ident(l.collname) END)
  FROM relations r JOIN pg_attribute a ON a.attrelid = r.oid JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_collation l ON l.oid = a.attcollation
  WHERE r.relkind IN ('r', 'p', 'f') AND a.attnum > 0 AND NOT a.attisdropped
  UNION ALL
  SELECT 'default', r.name || '.' || quote_ident(a.attname) || ' ' || pg_get_expr(d.adbin, d.adrelid)
  FROM relations r JOIN pg_attrdef d ON d.adrelid = r.oid JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = d.adnum
  WHERE r.relkind IN ('r', 'p', 'f')
  UNION ALL
  SELECT 'constraint', r.name || ' ' || pg_get_constraintdef(c.oid)
  FROM relations r JOIN pg_constraint c ON c.conrelid = r.oid WHERE c.contype <> 'n'
  UNION ALL
  SELECT 'index', replace(pg_get_indexdef(i.indexrelid), ' INDEX ' || quote_ident(c.relname) || ' ON ', ' INDEX ON ')
    || CASE WHEN i.indisvalid THEN '' ELSE ' invalid' END
  FROM relations r JOIN pg_index i ON i.indrelid = r.oid JOIN pg_class c ON c.oid = i.indexrelid
  UNION ALL
  SELECT 'view', name || ' ' || md5(pg_get_viewdef(oid)) FROM relations WHERE relkind IN ('v', 'm')
  UNION ALL
  SELECT 'function', format('%I.%I(%s) %s', s.nspname, p.proname, pg_get_function_identity_arguments(p.oid), md5(p.prosrc))
  FROM pg_proc p JOIN spaces s ON s.oid = p.pronamespace
  WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
  UNION ALL
  SELECT 'trigger', r.name || ' ' || pg_get_triggerdef(t.oid) FROM relations r JOIN pg_trigger t ON t.tgrelid = r.oid
  WHERE NOT t.tgisinternal
)
SELECT kind, line FROM lines ORDER BY kind COLLATE "C", line COLLATE "C" LIMIT 5000`;

/** Where each table's rows are stored: another file means that they were all written again. */
export const TABLE_FILES = `
SELECT c.oid::int8 AS id, format('%I.%I', n.nspname, c.relname) AS name, c.relname::text AS plain, c.relfilenode::int8 AS file
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C" LIMIT 1000`;

/** Whether Django's own table of applied migrations is there. */
export const HAS_APPLIED = `SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relname = 'django_migrations' AND n.nspname = 'public' AND c.relkind = 'r') AS "has"`;

export const APPLIED = 'SELECT app::text AS app, name::text AS name FROM public.django_migrations ORDER BY id LIMIT 5000';

/** Extensions that a database got besides the one that each has. */
export const EXTENSIONS = `SELECT extname::text AS name FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY extname COLLATE "C"`;
