import { createConnection } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { FrameReader } from '@assay/grader/postgres-frames';
import type { Attack, Observation } from '../attack';
import type { Stage } from '../stage';
import { type OwnDatabase, openDatabase } from './own-database';
import { bind, execute, message, parse, query, request, startup, sync } from './postgres-messages';

/** Codes of the protocol in place of a version. */
const CANCEL = 80_877_102;
const SSL = 80_877_103;

interface ProxyAttack {
  readonly id: string;
  readonly title: string;
  readonly breach: string;
  /** @param past whether the way goes past the proxy, straight to the server */
  readonly attempt: (own: OwnDatabase, past: boolean, stage: Stage) => Promise<Observation>;
}

const throughProxy = ({ id, title, breach, attempt }: ProxyAttack): Attack => ({
  id,
  title,
  breach,
  layers: ['database-proxy'],
  residual: null,
  runs: 'once',
  attempt: async (stage, without) => attempt(await openDatabase(stage), without.length > 0, stage),
});

/** Sends bytes on a new connection and returns what came back within a moment, or until the other side closed. */
async function send(own: OwnDatabase, past: boolean, stage: Stage, ...pieces: readonly Buffer[]): Promise<Buffer> {
  const socket = createConnection(past ? own.cluster.socketPath : own.database.access.listenPath);
  stage.defer(() => socket.destroy());
  const heard: Buffer[] = [];
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  socket.on('data', (bytes: Buffer) => heard.push(bytes)).on('error', () => undefined);
  for (const piece of pieces) {
    socket.write(piece);
    await Promise.race([closed, sleep(100)]);
  }
  await Promise.race([closed, sleep(300)]);
  socket.destroy();
  return Buffer.concat(heard);
}

/** Whether the server itself answered: with a question for a password, or an error of its own. */
function reached(heard: Buffer): Observation {
  const text = heard.toString('latin1').replace(/[^\x20-\x7e]+/g, ' ');
  return {
    breached: heard.length > 0,
    seen: heard.length > 0 ? `the server answered: ${text.slice(0, 120)}` : 'the connection was closed',
  };
}

/** Does the same work in two ways of counting: what a client-side counter sees, and what the proxy counted. */
const uncounted = (id: string, title: string, statements: number, pieces: readonly Buffer[], seenByClient: number): Attack => ({
  id,
  title,
  breach: `${statements} statements are done and fewer are counted.`,
  layers: ['database-proxy'],
  residual: null,
  runs: 'once',
  async attempt(stage, without) {
    const own = await openDatabase(stage);
    const session = await own.connect();
    await session.query(
      "CREATE FUNCTION tell(n int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RAISE NOTICE 'row %', n; RETURN n; END $$",
    );
    own.judged.proxy.takeWindow();
    session.connection.stream.removeAllListeners('data');
    for (const piece of pieces) {
      session.connection.stream.write(piece);
      await sleep(50);
    }
    await sleep(100);
    await own.judged.proxy.settle(1_000);
    const { count } = own.judged.proxy.takeWindow();
    if (without.length > 0) {
      const seen = `a counter in the client's driver sees ${seenByClient} of ${statements}`;
      return { breached: seenByClient < statements, seen };
    }
    return { breached: count < statements, seen: `${count} counted of ${statements}` };
  },
});

const SELECT = 'SELECT count(*) FROM pg_class';

export const databaseProxy: readonly Attack[] = [
  throughProxy({
    id: 'other-user-in-startup',
    title: 'Another user named in the start-up packet',
    breach: "The submission reaches the server as the judge's role.",
    attempt: async (own, past, stage) =>
      reached(await send(own, past, stage, startup({ user: own.database.access.judge.user, database: own.database.name }))),
  }),
  throughProxy({
    id: 'other-database-in-startup',
    title: 'Another database named in the start-up packet, also twice',
    breach: 'The submission reaches another database of the server.',
    async attempt(own, past, stage) {
      const user = own.database.name;
      const twice = Buffer.from(`user\0${user}\0database\0${user}\0database\0postgres\0\0`);
      const head = startup({ user }).subarray(0, 8);
      head.writeInt32BE(twice.length + 8, 0);
      const once = await send(own, past, stage, startup({ user, database: 'postgres' }));
      return reached(Buffer.concat([once, await send(own, past, stage, Buffer.concat([head, twice]))]));
    },
  }),
  throughProxy({
    id: 'replication-startup',
    title: 'A replication session',
    breach: 'A request for replication reaches the server.',
    attempt: async (own, past, stage) =>
      reached(
        await send(own, past, stage, startup({ user: own.database.name, database: own.database.name, replication: 'database' })),
      ),
  }),
  throughProxy({
    id: 'cancel-request',
    title: 'A cancel request with the key of a session',
    breach: 'A statement is cancelled by a request from outside its session.',
    async attempt(own, past, stage) {
      const session = await own.connectPastProxy();
      const { processID, secretKey } = session as unknown as { processID: number; secretKey: number };
      const sleeping = session.query('SELECT pg_sleep(2)').then(
        () => 'done',
        (error: unknown) => String(error),
      );
      await sleep(100);
      await send(own, past, stage, request(CANCEL, processID, secretKey));
      const end = await sleeping;
      return { breached: end !== 'done', seen: end === 'done' ? 'the statement went on' : end };
    },
  }),
  throughProxy({
    id: 'old-protocol',
    title: 'Protocol version 2, encryption asked for again and again, and start-ups without an end',
    breach: 'What is no start-up of this submission reaches the server.',
    async attempt(own, past, stage) {
      const old = startup({ user: own.database.name, database: own.database.name });
      old.writeInt32BE(2 << 16, 4);
      const huge = Buffer.alloc(9_000, 'a');
      huge.writeInt32BE(9_999, 0);
      const noise = await send(own, past, stage, request(SSL), request(SSL), old);
      const answer = noise.subarray(noise.lastIndexOf('N'.charCodeAt(0)) + 1);
      return reached(Buffer.concat([noise.length > 2 ? answer : Buffer.alloc(0), await send(own, past, stage, huge, huge)]));
    },
  }),
  {
    id: 'malformed-frames',
    title: 'Malformed protocol frames',
    breach: 'Bytes of the submission end the proxy, or disturb another session of it.',
    layers: ['database-proxy'],
    residual: null,
    runs: 'once',
    async attempt(stage, without) {
      const impossible = Buffer.from([0x51, 0xff, 0xff, 0xff, 0xff, 1, 2, 3]);
      const lies = [
        impossible,
        message('Q', Buffer.alloc(0)),
        Buffer.alloc(70_000, 0xfe),
        message('B', Buffer.from([1])),
        message('\0'),
      ];
      if (without.length > 0) {
        try {
          for (const bytes of lies) new FrameReader(() => undefined).push(bytes);
          return { breached: false, seen: 'a reader that nobody guards took them' };
        } catch (error) {
          return { breached: true, seen: `a process that reads them unguarded ends with ${String(error)}` };
        }
      }
      const own = await openDatabase(stage);
      const bystander = await own.connect();
      for (const bytes of lies) {
        const session = await own.connect();
        session.connection.stream.write(bytes);
        await sleep(50);
        session.connection.stream.destroy();
      }
      const { rows } = await bystander.query('SELECT 1 AS one');
      const fault = own.judged.proxy.fault;
      return { breached: rows[0]?.one !== 1 || fault !== null, seen: fault ? fault.message : 'another session went on' };
    },
  },
  uncounted('several-statements-in-one', 'Several statements in one message', 5, [query(Array(5).fill(SELECT).join(';'))], 1),
  uncounted(
    'statements-in-a-pipeline',
    'One prepared statement executed again and again before one Sync',
    5,
    [Buffer.concat([parse('', SELECT), ...Array.from({ length: 5 }, () => Buffer.concat([bind('', ''), execute('')])), sync()])],
    1,
  ),
  uncounted(
    'rows-by-cursor',
    'A cursor read row by row',
    6,
    [
      query('BEGIN; DECLARE c CURSOR FOR SELECT relname FROM pg_class'),
      ...Array.from({ length: 5 }, () => query('FETCH 1 FROM c')),
      query('COMMIT'),
    ],
    1,
  ),
  uncounted(
    'results-in-errors',
    'Results carried out in errors',
    3,
    Array.from({ length: 3 }, () => query(`SELECT (SELECT string_agg(relname, ',') FROM pg_class)::int`)),
    0,
  ),
  uncounted(
    'results-in-notices',
    'Results carried out in notices, while a statement is planned that never runs',
    3,
    [Buffer.concat([parse('', 'SELECT tell(1), tell(2), tell(3)'), bind('', ''), sync()])],
    0,
  ),
];
