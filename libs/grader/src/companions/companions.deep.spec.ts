import { furtherSandboxes } from '../../fixtures/further-sandboxes';
import { DRIVERS } from '../../fixtures/tools-bench';

jest.setTimeout(180_000);

// The fallback: its sandboxes keep to the same contract (`libs/sandbox/src/driver-programs.spec.ts`).
describe.each(DRIVERS.filter(([name]) => name !== 'zygote'))('further sandboxes with the driver %s', (_name, makeDriver) =>
  furtherSandboxes(makeDriver),
);
