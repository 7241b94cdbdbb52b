import type { CommandOutcome } from './commands-api';
import type { FurtherSandbox } from './further-sandbox-api';
import type { CheckHttp } from './http-api';

/** `context.gunicorn`: the project behind gunicorn, with its own configuration file. See docs/checks/gunicorn.md. */
export interface CheckGunicorn {
  /** `gunicorn --check-config`: gunicorn reads the file and loads the application. Exit and output are claims. */
  checkConfig(options?: GunicornOptions): Promise<CommandOutcome>;
  /** Serves on a socket of ours, whatever the file says about `bind`. It is stopped when the check is over. */
  serve(options?: GunicornOptions): Promise<GunicornServer>;
}

export interface GunicornOptions extends FurtherSandbox {
  /** Path in the project, for example `gunicorn.conf.py`; null or left out: none. */
  readonly config?: string | null;
  /** `module:name`; the `application` of the pack's WSGI module when left out. */
  readonly application?: string;
}

export interface GunicornServer {
  /** What gunicorn and the project answer; it has been asked for `/` once before, so that its start is not the time of a request. */
  readonly http: CheckHttp;
  stop(): Promise<CommandOutcome>;
}
