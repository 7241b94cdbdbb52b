import path from 'node:path';
import { JudgeSession } from './judge-session';
import { PostgresProxy } from './postgres-proxy';

/** All that a judge needs to know of a submission's database: plain data, good for this one run, which may go to another process. */
export interface DatabaseAccess {
  /** The grading server: its socket is `<socketDir>/.s.PGSQL.<port>`. */
  readonly server: { readonly socketDir: string; readonly port: number };
  readonly database: string;
  /** The submission's role: the only one that the proxy lets in, and the one as which the judge's session acts. */
  readonly role: string;
  readonly judge: { readonly user: string; readonly password: string };
  /** Where the proxy listens for the submission. */
  readonly listenPath: string;
}

/** A submission's database as its judge holds it: the proxy that the submission must go through, and the judge's own session. */
export class JudgedDatabase {
  private constructor(
    readonly proxy: PostgresProxy,
    readonly session: JudgeSession,
  ) {}

  /**
   * Must be open before any code of the submission runs. Throws `InfrastructureFault`.
   *
   * @param isServerWell see `SessionOptions`
   */
  static async open(access: DatabaseAccess, isServerWell: () => Promise<boolean>): Promise<JudgedDatabase> {
    const { server, database, role, judge } = access;
    const session = await JudgeSession.open({ ...server, ...judge, database, role, isServerWell });
    try {
      const proxy = await PostgresProxy.listen({
        listenPath: access.listenPath,
        serverPath: path.join(server.socketDir, `.s.PGSQL.${server.port}`),
        user: role,
        database,
      });
      return new JudgedDatabase(proxy, session);
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  /** Cuts the submission's connections and ends the judge's session. */
  async close(): Promise<void> {
    await Promise.all([this.proxy.close(), this.session.close()]);
  }
}
