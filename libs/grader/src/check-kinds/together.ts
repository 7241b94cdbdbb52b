import type { CheckRecord } from '../check-record';
import type { Conversations } from '../conversations';
import { NothingToJudge } from '../expectations';
import type { ProcessorSampler } from '../fair-timer';
import { bodyOf, headersOf, refuseUnsendable, type UserHeaders } from '../http-message';
import { parseAnswer } from '../parse-answer';
import type { PostgresProxy } from '../postgres-proxy';
import { withoutVolatileParts } from '../recorded-text';
import { NoAnswer, type RawAnswer, type RawRequest, type UnixHttp } from '../unix-http';
import type { ServingProcess, Together, TogetherAnswer, TogetherRequest, TogetherSettings } from './together-api';
import { WriteBarrier } from './write-barrier';

/** The sandbox answers 17 requests at the same time, and a submission's role may have 16 sessions. */
const MAX_TOGETHER = 12;
/** The part of a request's time during which statements are kept waiting. */
const HELD_PART = 0.6;
const SETTLE_MS = 250;

export interface TogetherOptions {
  readonly server: UnixHttp;
  readonly requestSeconds: number;
  readonly users: UserHeaders;
  readonly proxy: Pick<PostgresProxy, 'takeWindow' | 'settle' | 'setGate' | 'traffic'>;
  readonly signal: AbortSignal;
  readonly now: Date;
  readonly sample: ProcessorSampler;
  readonly conversations: Conversations;
  readonly lockWaits: () => Promise<number>;
  readonly evidence: Pick<CheckRecord, 'addRecord'>;
  /** The servers of these processes; throws for what is none. */
  readonly serversOf: (processes: readonly ServingProcess[]) => readonly UnixHttp[];
}

/** Sends requests at the same time and leaves as evidence what does not depend on their order: statuses, sorted. */
export async function askTogether(
  options: TogetherOptions,
  requests: readonly TogetherRequest[],
  settings: TogetherSettings,
): Promise<Together> {
  if (requests.length < 2 || requests.length > MAX_TOGETHER) {
    throw new TypeError(`between 2 and ${MAX_TOGETHER} requests can be sent at the same time, not ${requests.length}`);
  }
  const raw = requests.map((request) => rawRequest(options, request));
  const { proxy, conversations } = options;
  proxy.takeWindow();
  const received = await conversations.during(() => atTheSameTime(options, raw, settings));
  await proxy.settle(SETTLE_MS);
  const { count } = proxy.takeWindow();
  recordStatuses(options, requests, received, 1 + (settings.across ?? []).length);
  const failed = received.find((answer) => answer instanceof NoAnswer);
  if (failed) throw new NothingToJudge(`one of ${requests.length} requests at the same time got no answer: ${failed.message}`);
  return { answers: received.flatMap((answer) => (answer instanceof NoAnswer ? [] : [answerOf(answer)])), statementCount: count };
}

async function atTheSameTime(
  { server, proxy, lockWaits, sample, requestSeconds, serversOf }: TogetherOptions,
  requests: readonly RawRequest[],
  { hold = 'writes', across = [] }: TogetherSettings,
): Promise<(RawAnswer | NoAnswer)[]> {
  const others = serversOf(across);
  if (hold === 'nothing') return server.together(requests, () => undefined, others);
  let unanswered = requests.length;
  const barrier = new WriteBarrier({
    hold,
    unanswered: () => unanswered,
    lockWaits,
    traffic: () => proxy.traffic,
    sample,
    budgetMs: requestSeconds * 1000 * HELD_PART,
  });
  proxy.setGate(barrier);
  const running = barrier.run();
  try {
    return await server.together(
      requests,
      () => {
        unanswered -= 1;
      },
      others,
    );
  } finally {
    barrier.open();
    proxy.setGate(null);
    await running;
  }
}

function rawRequest(options: TogetherOptions, request: TogetherRequest): RawRequest {
  const { users, requestSeconds, signal, sample } = options;
  const { method, path } = request;
  const body = bodyOf(request.body);
  const headers = { ...headersOf(users, request, body), connection: 'close' };
  refuseUnsendable(method, path, headers);
  return { method, path, headers, body, timeoutMs: requestSeconds * 1000, signal, sample };
}

function recordStatuses(
  options: TogetherOptions,
  requests: readonly TogetherRequest[],
  received: readonly (RawAnswer | NoAnswer)[],
  processes: number,
): void {
  const steady = (text: string): string => withoutVolatileParts(text, options.now);
  const asked = counted(requests.map(({ method, path, as }) => `${method} ${steady(path)} ${as ? `as ${as}` : 'anonymously'}`));
  const answered = counted(received.map((answer) => (answer instanceof NoAnswer ? 'no answer' : String(answer.status))));
  options.evidence.addRecord(
    'race',
    `${requests.length} requests at the same time${processes > 1 ? ` to ${processes} processes` : ''}`,
    `asked: ${asked}\nanswered: ${answered}`,
  );
}

/** For example `201 (1 time), 409 (3 times)`: how often each text is there, sorted. */
function counted(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const parts = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  return parts.map(([text, count]) => `${text} (${count} ${count === 1 ? 'time' : 'times'})`).join(', ');
}

function answerOf({ status, headers, text }: RawAnswer): TogetherAnswer {
  return { status, headers, text, json: () => parseAnswer(text, 'one of several requests at the same time', status) };
}
