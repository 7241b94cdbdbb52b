import { ExpectationFailed } from '../expectations';
import { describeError } from '../faults';
import { CheckModules } from './check-modules';
import { Hearing } from './hearing';
import { CRASHED, type JudgedPack } from './messages';
import { ParentChannel } from './parent-channel';

// Entry point of a judge process: runs the hidden checks of one grade after the other and holds nothing but what a grade needs.

const parent = new ParentChannel();
let learnt: { readonly pack: JudgedPack; readonly modules: CheckModules } | null = null;
let hearing: Hearing | null = null;

process.on('disconnect', () => process.exit(0));
process.on('uncaughtException', crash);
process.on('unhandledRejection', (reason) => {
  // A check asked without waiting for the answer; whatever it did wait for has decided.
  if (!(reason instanceof ExpectationFailed)) crash(reason);
});

parent.serve(
  {
    learn: async (request) => {
      learnt = { pack: request, modules: new CheckModules(request.checkFiles) };
      return null;
    },
    open: async (access) => {
      if (learnt === null || hearing !== null) throw new Error('a judge process was asked to open a grade at the wrong moment');
      hearing = await Hearing.open(learnt.pack, learnt.modules, access, parent);
      return null;
    },
    read: async () => {
      current().read();
      return null;
    },
    ask: (request) => current().ask(request),
    check: (request) => current().check(request),
    close: async () => {
      const closing = hearing;
      hearing = null;
      await closing?.close();
      return null;
    },
  },
  (what, reason) => hearing?.end(what, reason),
);

function current(): Hearing {
  if (hearing === null) throw new Error('a judge process was asked about a grade that it has not opened');
  return hearing;
}

function crash(error: unknown): void {
  process.stderr.write(`${describeError(error)}\n`);
  process.exit(CRASHED);
}
