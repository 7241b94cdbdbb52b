import { mebibytes, milliseconds, table } from './table.mjs';

const SLOWEST_CHECKS = 5;

/** What `run` of `bench/grading.mjs` gave, for a terminal. */
export function formatGrading(grading) {
  const { ratios, checks, rounds, throughput, memory } = grading;
  const times = (value) => `${value.toFixed(2)}x`;
  return [
    `A grade beside the same ${checks} checks in bare pytest, bookshop pack, ${rounds.length} interleaved rounds on one database server`,
    ...Object.keys(grading.solutions).map((name) => tableOf(grading, name)),
    ...Object.entries(grading.solutions).map(
      ([name, { title, failed }]) => `${name}: ${title}; ${checks - failed.length} of ${checks} checks pass`,
    ),
    '',
    `Bare pytest takes, measured against a grade (latency, CPU time): with the starter's schema ${times(ratios.latencyTemplate)}, ${times(ratios.cpuTemplate)};`,
    `with migrations ${times(ratios.latencyMigrate)}, ${times(ratios.cpuMigrate)}; throughput, two at a time, ${times(ratios.throughput)}.`,
    table(
      ['two at a time', 'runs', 'per second', 'CPU ms each'],
      Object.entries(throughput).map(([name, one]) => [name, one.runs, one.perSecond.toFixed(2), milliseconds(one.cpuMs)]),
    ),
    floorOf(grading),
    ...memoryOf(memory),
    ...phasesOf(grading),
    platformOf(grading),
    '',
  ].join('\n');
}

function tableOf({ subjects, summary, cold }, solution) {
  const own = subjects.filter((subject) => subject.solution === solution);
  const rows = own.map(({ name, title }) => {
    const { median, p90, p99, min, max, cpuMs, path } = summary[name];
    const way = path ? `${title} (${path.startedFrom}, ${path.database}${path.migrates ? ', migrate' : ''})` : title;
    return [way, ...[cold[name].totalMs, median, p90, p99, min, max, cpuMs].map(milliseconds)];
  });
  return table([`ms, ${solution}`, 'first', 'median', 'p90', 'p99', 'min', 'max', 'CPU'], rows);
}

function floorOf({ floor, summary }) {
  const { requests, perRequestMs, forAGradeMs } = floor;
  const above = summary['zygote-schema'].median / forAGradeMs;
  return [
    `The floor under a grade: the suite sends ${requests.suite} requests, a grade ${requests.grade}. In a bare process one takes`,
    `${milliseconds(perRequestMs)} ms, so that fork, load and the requests of a grade take ${milliseconds(forAGradeMs)} ms; a grade takes ${above.toFixed(2)} times that.`,
  ].join('\n');
}

function memoryOf(memory) {
  if (memory === null) return ['Memory: the proportional set sizes of other processes may not be read here.'];
  const { idle, running, slots, grader } = memory;
  const parts = (sizes) =>
    Object.entries(sizes)
      .map(([name, bytes]) => `${name} ${mebibytes(bytes)}`)
      .join(' · ');
  return [
    `Memory (PSS, MiB), idle, ${slots} slots of each driver together: ${parts(idle)}; the grader itself ${mebibytes(grader)}`,
    `One more that runs, at most: ${parts(running)}`,
  ];
}

function phasesOf({ subjects, summary }) {
  const phases = (part) =>
    Object.entries(part)
      .map(([phase, value]) => `${phase.replace(/Ms$/, '')} ${milliseconds(value)}`)
      .join(' · ');
  const slowest = Object.entries(summary['zygote-schema'].checksMs)
    .sort(([, a], [, b]) => b - a)
    .slice(0, SLOWEST_CHECKS);
  return [
    'Where the time goes (medians):',
    ...subjects
      .filter(({ name }) => summary[name].phases)
      .map(({ name }) => `  ${name.padEnd(22)} ${phases(summary[name].phases)}`),
    `Slowest checks: ${slowest.map(([id, value]) => `${id} ${milliseconds(value)}`).join(' · ')}`,
  ];
}

function platformOf({ platform }) {
  const row = (title, name) => {
    const { median, p90, p99, cpuMs } = platform.summary[name];
    return [title, ...[platform.cold[name].totalMs, median, p90, p99, cpuMs].map(milliseconds)];
  };
  const { phases } = platform.summary.platform;
  return [
    table(
      ['ms, reference', 'first', 'median', 'p90', 'p99', 'CPU'],
      [row('whole platform, upload to scorecard', 'platform'), row('pytest, bare', 'pytest')],
    ),
    `Bare pytest takes ${platform.ratio.toFixed(2)} times as long as the whole platform. Where the time goes (medians): ${Object.entries(
      phases,
    )
      .map(([phase, value]) => `${phase.replace(/Ms$/, '')} ${milliseconds(value)}`)
      .join(' · ')}`,
  ].join('\n');
}
