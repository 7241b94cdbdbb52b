import { readdir, readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import type { Attack, Observation } from '../attack';
import { courtOf, describeReport, earned, grade } from './court';
import { isFree } from './graded-forgery';
import { askNaively, type NaiveAnswer } from './naive-client';
import { serveWithoutJudge } from './serve';

/** How much more memory than ever before a judge may need for one of these projects, in bytes. */
const MEMORY_BYTES = 128 * 1024 * 1024;
const MIB = 1024 * 1024;

type Gullible = (answer: NaiveAnswer) => Observation;

/** Still gathering when it gave up. */
const gathers: Gullible = ({ ended, bytes }) => ({
  breached: !ended && bytes > 4 * MIB,
  seen: `a client without limits had gathered ${Math.round(bytes / MIB)} MiB`,
});
/** Still waiting when it gave up. */
const waits: Gullible = ({ ended, bytes }) => ({
  breached: !ended,
  seen: `a client without a deadline was still waiting, with ${bytes} bytes`,
});
/** Takes what stands behind the last empty line for the answer. */
const believes: Gullible = ({ raw }) => {
  const text = raw.toString('latin1');
  const found = text.includes('["one", "two"]');
  return {
    breached: found,
    seen: `a client that takes the bytes for the answer ${found ? 'believes' : 'does not find'} ["one", "two"]`,
  };
};
/** Unpacks what says that it is packed. */
const unpacks: Gullible = ({ raw }) => {
  const body = raw.subarray(raw.indexOf('\r\n\r\n') + 4);
  const bytes = gunzipSync(body).length;
  return { breached: bytes > 64 * MIB, seen: `a client that unpacks made ${bytes / MIB} MiB of ${body.length} bytes` };
};
/** Goes where it is sent. */
const follows: Gullible = ({ raw }) => {
  const location = /^Location: (\S+)/im.exec(raw.toString('latin1'))?.[1];
  return { breached: location?.startsWith('http://127.0.0.1') ?? false, seen: `a client that follows would ask ${location}` };
};
/** Calls everything that it cannot read a fault of its own. */
const stumbles: Gullible = ({ raw }) => {
  const text = raw.toString('latin1');
  try {
    JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4));
    return { breached: false, seen: 'a careless client could read it' };
  } catch (error) {
    return {
      breached: true,
      seen: `a careless client crashed, which a judge may take for its own fault: ${String(error).slice(0, 80)}`,
    };
  }
};

/** @param overlays of the project; left out: a server of raw bytes that behaves as its id says */
const conversation = (id: string, title: string, gullible: Gullible, overlays = ['raw-server', id]): Attack => ({
  id,
  title,
  breach:
    'The project gets points, ends its run as a fault of ours, holds the judge beyond the limits of the run, or fills its memory.',
  layers: ['bounded-conversation'],
  residual: null,
  runs: 'each',
  async attempt(stage, without) {
    const submission = { overlays };
    if (without.length > 0) {
      const sandbox = await serveWithoutJudge(stage, submission);
      // One that gathers has gathered enough sooner or later, on a busy machine later.
      return gullible(await askNaively(stage, sandbox.httpSocket, '/notes/', gullible === gathers ? 20_000 : 3_000));
    }
    const { limits } = (await courtOf(stage)).pack.definition;
    const before = await peakMemory();
    const report = await grade(stage, submission);
    const grown = (await peakMemory()) - before;
    const isLate = report.timings.runMs > (limits.runSeconds + 2) * 1000;
    const isFull = grown > MEMORY_BYTES;
    const seen = `${describeReport(report)}${isLate ? `, after ${report.timings.runMs} ms` : ''}${isFull ? `, ${Math.round(grown / MIB)} MiB more` : ''}`;
    return { breached: earned(report) > 0 || isFree(report) || isLate || isFull, seen };
  },
});

/** Most memory that this process and its own Node processes ever had, in bytes, added up. */
async function peakMemory(): Promise<number> {
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const peaks = processes.map(async (number) => {
    const status = await readFile(`/proc/${number}/status`, 'utf8').catch(() => '');
    const isOurs =
      number === String(process.pid) || (status.includes(`PPid:\t${process.pid}\n`) && status.startsWith('Name:\tnode'));
    return isOurs ? Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024 : 0;
  });
  return (await Promise.all(peaks)).reduce((sum, peak) => sum + peak, 0);
}

export const conversationAttacks: readonly Attack[] = [
  conversation('body-without-end', 'A body without an end', gathers),
  conversation('body-drop-by-drop', 'A body byte by byte', waits),
  conversation('headers-drop-by-drop', 'A header byte by byte', waits),
  conversation('no-answer', 'No answer', waits),
  conversation('headers-without-end', 'Headers without an end', gathers),
  conversation('header-of-megabytes', 'One header of 64 MiB', gathers),
  conversation('informational-without-end', 'Informational answers without an end', gathers),
  conversation('length-too-long', 'Content-Length longer than the body', believes),
  conversation('lengths-that-differ', 'Two lengths, and chunks that are none', believes),
  conversation('chunks-that-lie', 'Chunks of impossible length', believes),
  conversation('two-answers', 'Several answers to one question', believes),
  conversation('answer-without-status', 'An answer of HTTP/0.9', believes),
  conversation('compressed-zeros', '256 MiB of blanks, compressed', unpacks),
  conversation('led-elsewhere', 'A redirect to another server', follows),
  conversation('other-protocol', 'A switch to another protocol', waits),
  conversation('no-http-at-all', 'Bytes that are no HTTP', stumbles),
  conversation('connection-reset', 'Every connection reset', stumbles),
  conversation('kills-itself', 'It kills itself when it is asked', stumbles, ['kills-itself']),
  conversation('closes-everything', 'It closes every descriptor when it is asked', stumbles, ['closes-everything']),
];
