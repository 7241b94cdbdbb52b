import { parseAnswer } from '../parse-answer';
import type { MonitoringEvent } from './monitoring-api';

/** Items that are looked at in one envelope. */
const MAX_ITEMS = 100;
/** Exceptions of one event, and characters of a name or message in it. */
const MAX_EXCEPTIONS = 20;
const MAX_TEXT = 2_000;
const NEWLINE = 0x0a;

/**
 * The events in what a project sent. Source: Sentry's documentation for developers, "Envelopes" and "Event Payloads". Throws when it is
 * none of both; items of other types are passed over.
 *
 * @param path of the request: `/api/<project>/envelope/` or the older `/api/<project>/store/`
 * @param allow told the bytes of each event before it is read; throws when they are too many
 */
export function readEvents(path: string, body: Buffer, allow: (bytes: number) => void = () => undefined): MonitoringEvent[] {
  const payloads = path.endsWith('/store/') ? [body] : [...itemsOf(body)].filter(isEvent).map(({ payload }) => payload);
  return payloads.map((payload) => {
    allow(payload.length);
    return eventOf(json(payload));
  });
}

interface Item {
  readonly type: unknown;
  readonly payload: Buffer;
}

function isEvent({ type }: Item): boolean {
  return type === 'event';
}

function* itemsOf(body: Buffer): Generator<Item> {
  const [header, start] = lineAt(body, 0);
  json(header);
  let position = start;
  for (let count = 0; position < body.length && count < MAX_ITEMS; count += 1) {
    const [line, next] = lineAt(body, position);
    if (line.length === 0) {
      position = next;
      continue;
    }
    const { type, length } = json(line);
    if (length !== undefined && !(Number.isSafeInteger(length) && Number(length) >= 0 && next + Number(length) <= body.length))
      throw new Error('an item of the envelope lies about its length');
    const end = length === undefined ? lineAt(body, next)[0].length + next : next + Number(length);
    yield { type, payload: body.subarray(next, end) };
    position = end + 1;
  }
}

/** A line and where the next one begins. */
function lineAt(body: Buffer, start: number): readonly [Buffer, number] {
  const end = body.indexOf(NEWLINE, start);
  return end < 0 ? [body.subarray(start), body.length] : [body.subarray(start, end), end + 1];
}

function json(bytes: Buffer): Readonly<Record<string, unknown>> {
  const value = parseAnswer(bytes.toString('utf8'), 'what was sent to monitoring');
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('what was sent is no JSON object');
  return value as Readonly<Record<string, unknown>>;
}

function eventOf(data: Readonly<Record<string, unknown>>): MonitoringEvent {
  const logged = objectOf(data.logentry);
  return {
    exceptions: exceptionsOf(data.exception),
    message: textOf(data.message) ?? textOf(logged.formatted) ?? textOf(logged.message) ?? textOf(objectOf(data.message).message),
    level: textOf(data.level),
    release: textOf(data.release),
    environment: textOf(data.environment),
    data,
  };
}

function exceptionsOf(given: unknown): MonitoringEvent['exceptions'] {
  const { values } = objectOf(given);
  const list = Array.isArray(given) ? given : Array.isArray(values) ? values : [];
  return list.slice(-MAX_EXCEPTIONS).map((each: unknown) => {
    const { type, value } = objectOf(each);
    return { type: textOf(type) ?? '', message: textOf(value) ?? '' };
  });
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value.slice(0, MAX_TEXT) : null;
}
