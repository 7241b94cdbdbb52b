import type { CompanionParts } from '../companions/companion-parts';
import { commandOutcome } from './commands';
import type { CheckGunicorn, GunicornOptions } from './gunicorn-api';

export function createGunicorn(tools: CompanionParts): CheckGunicorn {
  const order = ({ config, application }: GunicornOptions, checkOnly: boolean) =>
    ({ kind: 'gunicorn', config: config ?? null, application: application ?? null, checkOnly }) as const;
  const title = ({ config }: GunicornOptions, what: string): string => `gunicorn${config ? ` --config ${config}` : ''}${what}`;
  return {
    checkConfig: async (options = {}) => {
      const companion = await tools.start(order(options, true), options);
      return commandOutcome(tools, title(options, ' --check-config'), await companion.wait(), options);
    },
    serve: async (options = {}) => {
      const companion = await tools.start(order(options, false), options);
      await companion.begun();
      await tools.untilAnswers(companion.httpSocket);
      return {
        http: tools.http(companion.httpSocket),
        stop: async () => {
          const { exit, output } = await companion.kill();
          // What gunicorn logs has process numbers and times of its own.
          tools.record.addRecord('command', title(options, ''), 'served until it was stopped');
          return { end: exit, claimsSuccess: false, output };
        },
      };
    },
  };
}
