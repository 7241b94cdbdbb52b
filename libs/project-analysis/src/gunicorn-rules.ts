import { type Detection, inOrder } from './detection';
import { settingsOfModule } from './gunicorn-config';
import type { PythonModule } from './python-source';

/** Configuration files of gunicorn among the modules of a project. */
export function gunicornModules(modules: readonly PythonModule[]): PythonModule[] {
  return modules.filter(({ file }) => /(^|\/)gunicorn([._-]?\w*)?\.(conf\.)?py$/.test(file));
}

/** What the configuration files of gunicorn have to be blamed for. */
export function inspectGunicorn(modules: readonly PythonModule[]): Detection[] {
  return inOrder(gunicornModules(modules).flatMap(inspectModule));
}

function inspectModule(module: PythonModule): Detection[] {
  const { file, problem } = module;
  if (problem) {
    const message = `gunicorn cannot read it: ${problem.message}`;
    return [
      {
        rule: 'gunicorn/refused',
        file,
        line: problem.line,
        message,
        severity: 'error',
        confidence: 'high',
        cwe: null,
        why: 'It does not start.',
      },
    ];
  }
  const found: Detection[] = [];
  const settings = settingsOfModule(module);
  const certain = (name: string): { value: unknown; line: number } | null => {
    const setting = settings.get(name);
    return setting && !setting.isComputed ? setting : null;
  };
  const timeout = certain('timeout');
  if (timeout?.value === 0) {
    found.push({
      rule: 'gunicorn/no-timeout',
      file,
      line: timeout.line,
      message: 'timeout is 0, so that no worker that hangs is ever replaced',
      severity: 'warning',
      confidence: 'high',
      cwe: 400,
      why: 'A few requests that never end stop the whole server. Leave the 30 seconds, or say how long a request may take.',
    });
  }
  const reload = certain('reload');
  if (reload?.value === true && !/dev|local/i.test(file)) {
    found.push({
      rule: 'gunicorn/reload',
      file,
      line: reload.line,
      message: 'reload is on',
      severity: 'warning',
      confidence: 'medium',
      cwe: 489,
      why: 'Every file is watched, and half-written code is served. It is for development only.',
    });
  }
  return found;
}
