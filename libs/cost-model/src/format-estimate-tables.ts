import { decimalsOf } from './currency';
import type { EstimateReport, ReportedModel } from './estimate-report';
import { shortened } from './format-text';
import { MODEL_NAMES } from './model-names';
import { formatNumber, formatShare } from './money';
import type { HiringModel } from './project';
import { REPORTED_LINES } from './reported-breakdown';
import { cheaperShare } from './simulation/summary';
import type { TornadoBar } from './simulation/tornado';

const LABEL_WIDTH = 24;
const MODEL_WIDTH = 19;
const NAME_WIDTH = 20;
const SWING_WIDTH = 15;
/** As many as are told of each model. */
const MOVERS = 2;
/** Lines that most estimates do not have are left out where they are nothing. */
const SELDOM: readonly string[] = ['bench', 'severance', 'rounding'];

/** Names of the models, and what each costs. */
export function totals({ models, currency }: EstimateReport): string[] {
  const exact = (amount: number): string => formatNumber(amount, decimalsOf(currency));
  return [
    row('', models, ({ model }) => MODEL_NAMES[model]),
    row('total', models, ({ total }) => exact(total)),
    ...(['p10', 'p50', 'p90'] as const).map((name) =>
      row(`  ${name.toUpperCase()}`, models, ({ cost }) => formatNumber(cost[name].value, 0)),
    ),
    row('  costs more than total', models, ({ abovePoint }) => formatShare(abovePoint)),
  ];
}

/** When people start, and when it is done. */
export function delivery({ models, situation }: EstimateReport): string[] {
  const band = (from: number, to: number): string => `${formatNumber(from, 1)} to ${formatNumber(to, 1)}`;
  const within = situation.startWithinMonths;
  return [
    row('delivery, months', models, ({ deliveryMonths }) => formatNumber(deliveryMonths, 1)),
    row('  P10 to P90', models, (each) => band(each.delivery.p10.value, each.delivery.p90.value)),
    row('start, months', models, ({ monthsToStart }) => formatNumber(monthsToStart, 1)),
    row('  P10 to P90', models, ({ start }) => band(start.p10, start.p90)),
    ...(within === null
      ? []
      : [
          row(shortened(`  within ${formatNumber(within, 1)}`, LABEL_WIDTH), models, ({ start }) =>
            formatShare(start.share ?? 0),
          ),
        ]),
  ];
}

/** The assumptions that move each model most, with by how much. */
export function moversTable({ models }: EstimateReport, width: number): string[] {
  return models.flatMap(({ model, tornado }) =>
    tornado.slice(0, MOVERS).map((bar, index) => {
      const name = index === 0 ? `  ${MODEL_NAMES[model]}` : '';
      const start = `${name.padEnd(NAME_WIDTH)} ${formatNumber(bar.swing, 0).padStart(SWING_WIDTH)}  `;
      return `${start}${shortened(nameOfBar(bar), width - start.length)}`;
    }),
  );
}

function nameOfBar({ inputId, claim }: TornadoBar): string {
  return `${inputId}: ${claim}`;
}

/** The lines that the totals are made of. */
export function costLines({ models, currency }: EstimateReport): string[] {
  return REPORTED_LINES.filter((line) => !SELDOM.includes(line) || models.some(({ breakdown }) => breakdown[line] !== 0)).map(
    (line) => row(`  ${line}`, models, ({ breakdown }) => formatNumber(breakdown[line], decimalsOf(currency))),
  );
}

/** P(A cheaper than B) for every pair; nothing for a single model. */
export function cheaperTable({ models, simulation }: EstimateReport): string[] {
  if (models.length < 2) return [];
  const cheaper = (first: HiringModel, second: HiringModel): string => {
    return first === second ? '-' : formatShare(cheaperShare(simulation.pairs, first, second));
  };
  return [
    row('  than', models, ({ model }) => MODEL_NAMES[model]),
    ...models.map((first) => row(`  ${MODEL_NAMES[first.model]}`, models, (second) => cheaper(first.model, second.model))),
  ];
}

function row(label: string, models: readonly ReportedModel[], cell: (model: ReportedModel) => string): string {
  return `${label.padEnd(LABEL_WIDTH)}${models.map((model) => cell(model).padStart(MODEL_WIDTH)).join('')}`;
}
