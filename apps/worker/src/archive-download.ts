import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { GradingJob } from '@assay/contracts/grading-job';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from './config';
import { WorkerFault } from './worker-fault';

const TIMEOUT_MS = 60_000;
/** An API that answers like this has the run's outcome already, or has cancelled the run. */
const RUN_IS_OVER = { status: 404, code: 'not-found' };
const LONGEST_PROBLEM_BYTES = 16_384;

/** Fetches the archives of submissions from the API. */
@Injectable()
export class ArchiveDownload {
  constructor(@Inject(CONFIG) private readonly config: Pick<Config, 'archiveOrigin'>) {}

  /**
   * Writes the job's archive into a new file at `path`, readable by this user only, once its length and sha256 are as announced.
   *
   * @returns false when the API says that the run is over
   * @throws WorkerFault; its message never holds the token
   */
  async fetch(archive: GradingJob['archive'], path: string, signal: AbortSignal): Promise<boolean> {
    const url = this.checkUrl(archive.url);
    const within = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
    try {
      const answer = await fetch(url, {
        headers: { authorization: `Bearer ${archive.token}` },
        redirect: 'error',
        signal: within,
      });
      if (!answer.ok) return await this.refused(answer, url);
      await this.save(answer, archive, path);
      return true;
    } catch (error) {
      if (error instanceof WorkerFault) throw error;
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new WorkerFault('archive-unreachable', `The archive could not be fetched from ${describe(url)}: ${reason}`, {
        cause: error,
      });
    }
  }

  private checkUrl(text: string): URL {
    const url = new URL(text);
    if (url.protocol !== 'http:' && url.protocol !== 'https:') {
      throw new WorkerFault('archive-origin-refused', `Archives are fetched over HTTP, not over ${url.protocol}`);
    }
    if (this.config.archiveOrigin !== null && url.origin !== this.config.archiveOrigin) {
      const message = `The job names an archive at ${url.origin}, but ARCHIVE_ORIGIN allows ${this.config.archiveOrigin} only.`;
      throw new WorkerFault('archive-origin-refused', message);
    }
    return url;
  }

  private async refused(answer: Response, url: URL): Promise<false> {
    const code = await problemCode(answer);
    if (answer.status === RUN_IS_OVER.status && code === RUN_IS_OVER.code) return false;
    const message = `${describe(url)} answered ${answer.status}${code === null ? '' : ` (${code})`} instead of the archive.`;
    throw new WorkerFault('archive-refused', message);
  }

  private async save(answer: Response, archive: GradingJob['archive'], path: string): Promise<void> {
    const hash = createHash('sha256');
    let bytes = 0;
    const file = await written(path, () => open(path, 'wx', 0o600));
    try {
      for await (const chunk of answer.body ?? []) {
        bytes += chunk.length;
        if (bytes > archive.bytes) break;
        hash.update(chunk);
        await written(path, () => file.writeFile(chunk));
      }
    } finally {
      await file.close();
    }
    if (bytes !== archive.bytes || hash.digest('hex') !== archive.sha256) {
      const message = `The archive that was fetched is not the one that was handed in: expected ${archive.bytes} bytes with sha256 ${archive.sha256}.`;
      throw new WorkerFault('archive-mismatch', message);
    }
  }
}

/** What `write` gives; a disk that refuses must not look like an API that cannot be reached. */
async function written<Value>(path: string, write: () => Promise<Value>): Promise<Value> {
  try {
    return await write();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new WorkerFault('disk-failed', `The archive could not be written to ${path}: ${reason}`, { cause: error });
  }
}

/** Code of a problem document (RFC 9457), or null. */
async function problemCode(answer: Response): Promise<string | null> {
  if (!answer.headers.get('content-type')?.startsWith('application/problem+json')) {
    await answer.body?.cancel();
    return null;
  }
  let text = '';
  for await (const chunk of answer.body ?? []) {
    text += Buffer.from(chunk).toString('latin1');
    if (text.length > LONGEST_PROBLEM_BYTES) return null;
  }
  try {
    const problem: unknown = JSON.parse(text);
    return typeof problem === 'object' && problem !== null && 'code' in problem && typeof problem.code === 'string'
      ? problem.code
      : null;
  } catch {
    return null;
  }
}

function describe(url: URL): string {
  return `${url.origin}${url.pathname}`;
}
