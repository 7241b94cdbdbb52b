import type { CheckHttp } from '../check-api';
import type { CompanionParts } from '../companions/companion-parts';
import type { BootedProject, CheckBoot, FailedBoot } from './boot-api';
import { described } from './commands';
import type { FurtherSandbox } from './further-sandbox-api';

/** No project has a page or a name like these. */
const NO_PAGE = '/assay-there-is-no-such-page/';
const NO_HOST = 'assay-no-such-host.invalid';
/** Of Django's pages for developers; the last stands on every one of them. */
const DEVELOPERS_PAGE = /<code>DEBUG = True<\/code>|DJANGO_SETTINGS_MODULE|Request Method:|Using the URLconf defined in/;

export function createBoot(tools: CompanionParts): CheckBoot {
  return { start: (options = {}) => start(tools, options) };
}

async function start(tools: CompanionParts, options: FurtherSandbox): Promise<BootedProject | FailedBoot> {
  const companion = await tools.start({ kind: 'serve' }, options);
  const failure = await companion.begun();
  const tell = (text: string): void =>
    tools.record.addRecord('command', 'A start of the project', `${described(options)}${text}`);
  if (failure) {
    const message = tools.steady(failure.message);
    tell(`did not serve (${failure.outcome}, at ${failure.step}): ${failure.error ?? ''} ${message}`);
    return { isServing: false, ...failure };
  }
  tell('served');
  const http = tools.http(companion.httpSocket);
  return {
    isServing: true,
    http,
    showsDebugPage: () => showsDebugPage(http),
    stop: async () => {
      await companion.kill();
    },
  };
}

/** With `DEBUG` on, Django answers both itself, whatever handlers the project has. */
async function showsDebugPage(http: CheckHttp): Promise<boolean> {
  const missing = await http.get(NO_PAGE, { headers: { accept: 'text/html' } });
  const refused = await http.get('/', { headers: { host: NO_HOST, accept: 'text/html' } });
  return [missing, refused].some(({ status, text }) => status >= 400 && DEVELOPERS_PAGE.test(text));
}
