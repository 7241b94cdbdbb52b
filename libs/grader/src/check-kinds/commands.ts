import type { CompanionParts } from '../companions/companion-parts';
import type { CompanionEnd } from '../companions/orders';
import type { CheckCommands, CommandOutcome } from './commands-api';
import type { FurtherSandbox, ProgramEnd } from './further-sandbox-api';

export function createCommands(tools: CompanionParts): CheckCommands {
  return {
    run: async (name, commandArguments = [], options = {}) => {
      const companion = await tools.start({ kind: 'command', name, arguments: commandArguments }, options);
      return commandOutcome(tools, ['manage.py', name, ...commandArguments].join(' '), await companion.wait(), options);
    },
  };
}

/** The end of a program as evidence, and for the check. @param title what was run */
export function commandOutcome(
  tools: CompanionParts,
  title: string,
  { exit, output }: CompanionEnd,
  options: FurtherSandbox,
): CommandOutcome {
  tools.record.addRecord('command', title, `${described(options)}${ending(exit)}\n${tools.steady(output)}`);
  return { end: exit, claimsSuccess: exit.kind === 'exited' && exit.code === 0, output };
}

/** How a program ended, in words. */
export function ending(end: ProgramEnd): string {
  if (end.kind === 'exited') return `ended with exit code ${end.code}`;
  if (end.kind === 'signalled') return `ended by ${end.signal}`;
  if (end.kind === 'limit')
    return `used up its ${{ memory: 'memory', cpu: 'processor time', system_calls: 'system calls' }[end.limit]}`;
  if (end.kind === 'timed_out') return `was killed after ${end.seconds} seconds`;
  return 'was killed';
}

/** What is different in its surroundings, a line each. */
export function described({ environment = {}, without = [] }: FurtherSandbox): string {
  const set = Object.entries(environment).map(([name, value]) => `with ${name}=${value}\n`);
  return [...set, ...without.map((name) => `without ${name}\n`)].join('');
}
