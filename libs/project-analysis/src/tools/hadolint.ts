import path from 'node:path';
import { z } from 'zod';
import type { Detection, Severity } from '../detection';
import { runTool, ToolFailed } from './run-tool';

const ASSETS = path.join(__dirname, '..', '..', 'assets');
const MAX_TEXT = 65_536;
const SECONDS = 5;
const MEBIBYTES = 1_024;
const SEVERITIES: Readonly<Record<string, Severity>> = { error: 'error', warning: 'warning' };
const outputSchema = z.array(z.object({ code: z.string(), level: z.string(), line: z.int().nonnegative(), message: z.string() }));

/**
 * What hadolint says of a Dockerfile, by all of its rules: neither a configuration nor `hadolint ignore` comments count. Rules are named
 * `hadolint/DL3008`. A text that is too long, or that hadolint breaks off on, gives the one detection `hadolint/not-analysed`.
 * Rejects with {@link ToolFailed} when hadolint itself does not work.
 *
 * @param python any Python 3 of the machine: it sets the limits on hadolint
 * @param file path that stands in the detections; `text` is what is looked at
 */
export async function lintDockerfile(
  tools: { readonly hadolint: string; readonly python: string },
  file: string,
  text: string,
  signal: AbortSignal,
): Promise<Detection[]> {
  if (text.length > MAX_TEXT) return [notAnalysed(file, 'it is too long')];
  const limits = ['-I', '-S', path.join(ASSETS, 'run_limited.py'), String(SECONDS), String(MEBIBYTES)];
  const options = [
    '--config',
    path.join(ASSETS, 'hadolint.yaml'),
    '--disable-ignore-pragma',
    '--no-fail',
    '--format',
    'json',
    '-',
  ];
  const run = await runTool(tools.python, [...limits, tools.hadolint, ...options], {
    input: text,
    maxOutputBytes: 4 * 1024 * 1024,
    timeoutMs: 300_000,
    signal,
  });
  if (run.isCut || run.endedBy !== null || /heap overflow|out of memory/i.test(run.stderr))
    return [notAnalysed(file, 'hadolint broke off')];
  if (run.code !== 0) throw new ToolFailed(`hadolint ended with ${run.code}: ${run.stderr.slice(-500)}`);
  return outputSchema.parse(JSON.parse(run.stdout)).map(({ code, level, line, message }) => ({
    rule: `hadolint/${code}`,
    file,
    line: Math.max(line, 1),
    message: message.slice(0, 500),
    severity: SEVERITIES[level] ?? 'note',
    confidence: 'medium',
    cwe: null,
    why: `See https://github.com/hadolint/hadolint/wiki/${code}.`,
  }));
}

function notAnalysed(file: string, reason: string): Detection {
  return {
    rule: 'hadolint/not-analysed',
    file,
    line: 1,
    message: `The Dockerfile was not linted: ${reason}`,
    severity: 'warning',
    confidence: 'high',
    cwe: null,
    why: 'No Dockerfile that a person wrote is like that.',
  };
}
