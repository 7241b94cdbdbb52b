import { parseSync } from '@swc/core';
import { flakyCode } from './flaky-code';

const flaky = (source: string): readonly string[] =>
  flakyCode(parseSync(source, { syntax: 'typescript', target: 'es2022' }).body);

describe('code of checks that is flaky by construction', () => {
  it.each<[string, string]>([
    ['setTimeout(go, 10)', 'setTimeout'],
    ['await new Promise((done) => setTimeout(done, 10))', 'setTimeout'],
    ['const later = setTimeout; later(go)', 'setTimeout'],
    ['const wait = { setTimeout }', 'setTimeout'],
    ['globalThis["set" + "Timeout"](go)', 'globalThis'],
    ['global.setImmediate(go)', 'global'],
    ['Atomics.wait(cells, 0, 0, 100)', 'Atomics'],
    ['performance.now()', 'performance'],
    ['const { now } = performance', 'performance'],
    ['AbortSignal.timeout(5)', 'AbortSignal'],
    ['process.hrtime()', 'process'],
    ['await fetch("http://localhost")', 'fetch'],
    ['eval("1")', 'eval'],
    ['new Function("return 1")', 'Function'],
    ['(() => {}).constructor("return 1")()', 'constructor'],
    ['(() => {})["constructor"]("return 1")()', 'constructor'],
    ['Date.now()', 'Date.now'],
    ['Date["now"]()', 'Date.now'],
    ['Date[`now`]()', 'Date.now'],
    ['Date["n" + "ow"]()', 'Date[...]'],
    ['const { now } = Date; now()', 'Date as a value'],
    ['const D = Date; D.now()', 'Date as a value'],
    ['const clocks = { Date }', 'Date as a value'],
    ['const read = (d = Date) => d.now()', 'Date as a value'],
    ['Reflect.get(Date, key)()', 'Date as a value'],
    ['Date()', 'Date as a value'],
    ['class Clock extends Date {}', 'Date as a value'],
    ['new Date()', 'new Date()'],
    ['new Date', 'new Date()'],
    ['new Date(...none)', 'new Date()'],
    ['new Date(Date.now() - 1)', 'Date.now'],
    ['(Date as unknown as { now(): number }).now()', 'Date as a value'],
    ['new (Date)()', 'Date as a value'],
    ['Math.random()', 'Math.random'],
    ['Math["random"]()', 'Math.random'],
    ['const { random } = Math', 'Math as a value'],
    ['Math[name]()', 'Math[...]'],
    ['crypto.randomUUID()', 'crypto'],
    ['new Intl.DateTimeFormat().format()', 'Intl.DateTimeFormat'],
    ['enum When { now = Date.now() }', 'Date.now'],
    ['while (true) await http.get("/")', 'an endless loop that waits'],
    ['for (;;) { const { status } = await http.get("/"); if (status === 200) break; }', 'an endless loop that waits'],
    ['for (let n = 0; !0; n += 1) { await http.get("/"); }', 'an endless loop that waits'],
    ['do { await http.get("/") } while (1)', 'an endless loop that waits'],
  ])('%s', (source, name) => {
    expect(flaky(`async function check() { ${source} }`)).toEqual([name]);
  });

  it.each([
    'const order = { process: 1, fetch: 2, Date: 3, setTimeout() {} }; order.process + order.fetch + order.Date',
    'const { process: first, fetch: second } = answer.json()',
    'new Date("2026-01-01").toISOString() + new Date(2026, 0, 1).getTime()',
    'Date.UTC(2026, 0, 1) + Date.parse("2026-01-01")',
    'value instanceof Date',
    'const at: Date = new Date(0); const all: Map<string, Date> = new Map(); type Clock = typeof performance',
    'Math.max(1, 2) + Math["floor"](1.5)',
    'new Intl.NumberFormat("en").format(1)',
    'for (let page = 0; page < 20; page += 1) await http.get("/?page=" + page)',
    'while (next !== null) next = (await http.get(next)).json().next',
    'while (true) { if (text.charAt(at) === ")") break; at += 1; }',
  ])('not: %s', (source) => {
    expect(flaky(`async function check() { ${source} }`)).toEqual([]);
  });
});
