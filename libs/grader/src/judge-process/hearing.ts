import type { CheckFunction } from '../check-api';
import { MonitoringServer } from '../check-kinds/monitoring-server';
import { openProject, type ProjectAccess } from '../check-kinds/project-tools';
import { openSource } from '../check-kinds/source-tools';
import { CompanionDesk } from '../companions/companion-desk';
import { Conversations } from '../conversations';
import { ExpectationFailed } from '../expectations';
import { FairTimer, type TimeUp } from '../fair-timer';
import { InfrastructureFault } from '../faults';
import { createCheckDatabase } from '../judge-session';
import { type DatabaseAccess, JudgedDatabase } from '../judged-database';
import { COUNT_ROWS } from '../pack-data';
import { type CheckRun, runChecks } from '../run-checks';
import { createSubmittedFiles } from '../submitted-files';
import { NoAnswer, UnixHttp } from '../unix-http';
import type { CheckModules } from './check-modules';
import type { Calls, FirstAnswer, GradeAccess, JudgedPack } from './messages';
import type { ParentChannel } from './parent-channel';

/** One grade in the judge process, from the open database to the last check. */
export class Hearing {
  private readonly conversations = new Conversations();
  private readonly run = new AbortController();
  private readonly project = new AbortController();
  private readonly signal = AbortSignal.any([this.run.signal, this.project.signal]);
  private server = new UnixHttp('');
  private httpSocket = '';
  private access: ProjectAccess | null = null;
  /** Databases besides the project's. */
  private readonly further: JudgedDatabase[] = [];
  private timer: FairTimer | null = null;
  private isOverloaded = false;
  private checks: ReadonlyMap<string, CheckFunction> = new Map();

  private constructor(
    private readonly pack: JudgedPack,
    private readonly modules: CheckModules,
    private readonly database: JudgedDatabase,
    private readonly parent: ParentChannel,
    private readonly grade: GradeAccess,
    private readonly monitoring: MonitoringServer | null,
  ) {}

  static async open(pack: JudgedPack, modules: CheckModules, access: GradeAccess, parent: ParentChannel): Promise<Hearing> {
    const database = await JudgedDatabase.open(access, () => parent.ask('isServerWell'));
    const monitoring = access.monitoringSocket ? await MonitoringServer.listen(access.monitoringSocket) : null;
    return new Hearing(pack, modules, database, parent, access, monitoring);
  }

  /** Runs the module bodies of the checks. */
  read(): void {
    this.checks = this.modules.load((file) => this.parent.running(file, 0));
    this.parent.running(null, 0);
  }

  end(what: 'project' | 'run', reason: string): void {
    this[what].abort(reason);
    if (what === 'run') this.database.session.interrupt(reason);
  }

  /** Loads the seed rows when asked to, then asks the project for `/`; any HTTP answer will do, 404 included. */
  async ask({ httpSocket, startSeconds, seed }: Calls['ask']['request']): Promise<FirstAnswer> {
    this.server = new UnixHttp(httpSocket);
    this.httpSocket = httpSocket;
    try {
      if (seed) await this.seed();
      await this.server.request({
        method: 'GET',
        path: '/',
        headers: {},
        body: null,
        timeoutMs: startSeconds * 1000,
        signal: this.signal,
        sample: () => this.parent.ask('processorUse'),
      });
      return { outcome: 'answered' };
    } catch (error) {
      this.refuseBrokenDatabase();
      if (error instanceof NoAnswer) return { outcome: 'no-answer', message: error.message, isSilent: error.isSilent };
      if (error instanceof ExpectationFailed) return { outcome: 'seed-refused', message: error.message };
      throw error;
    }
  }

  /** Runs all checks. */
  async check(request: Calls['check']['request']): Promise<CheckRun> {
    const sample = () => this.parent.ask('processorUse');
    this.timer = new FairTimer(request.runSeconds * 1000, sample, (how) => this.timeIsUp(how));
    this.conversations.limitBy(this.timer);
    const files = createSubmittedFiles(request.projectDir, request.files);
    const http = {
      server: this.server,
      requestSeconds: request.requestSeconds,
      users: this.pack.users,
      proxy: this.database.proxy,
      signal: this.signal,
      now: new Date(),
      sample,
    };
    const { httpSocket, conversations, monitoring } = this;
    this.access = openProject({ ...http, httpSocket, conversations, secretKey: this.grade.secretKey ?? '', monitoring });
    try {
      const result = await runChecks({
        definitions: this.pack.definitions,
        functions: this.checks,
        http,
        database: createCheckDatabase(this.database.session, (file) => this.dataOf(file)),
        files,
        findings: request.findings,
        source: openSource(request.source, files, request.findings),
        conversations: this.conversations,
        project: this.access,
        storage: {
          ...this.database,
          redisSocket: request.redisSocket ?? null,
          now: http.now,
          openDatabase: (access) => this.openFurther(access),
          readData: (file) => this.dataOf(file),
        },
        companions: new CompanionDesk({
          ask: (wish) => this.parent.ask('companion', wish),
          conversations: this.conversations,
          signal: this.run.signal,
        }),
        signal: this.run.signal,
        clock: () => performance.now(),
        onCheck: (id, done) => this.parent.running(id === null ? null : `the check "${id}"`, done),
      });
      this.refuseBrokenDatabase();
      if (this.isOverloaded) throw new InfrastructureFault('machine-overloaded', 'the project got too little of a processor');
      return result;
    } catch (error) {
      this.refuseBrokenDatabase();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.timer?.stop();
    this.run.abort('the grade is over');
    this.server.close();
    this.access?.calls.close();
    await Promise.all([this.database.close(), this.monitoring?.close(), ...this.further.map((database) => database.close())]);
  }

  private async openFurther(access: DatabaseAccess): Promise<JudgedDatabase> {
    const database = await JudgedDatabase.open(access, () => this.parent.ask('isServerWell'));
    this.further.push(database);
    return database;
  }

  private timeIsUp(how: TimeUp): void {
    this.isOverloaded = how === 'overloaded';
    this.end('run', 'the time for all checks is over');
  }

  private async seed(): Promise<void> {
    for (const file of this.pack.seed) await this.database.session.query(this.dataOf(file));
    await this.database.session.query(COUNT_ROWS);
  }

  private dataOf(file: string): string {
    const text = this.pack.data[file];
    if (text === undefined) throw new InfrastructureFault('pack-broken', `the pack has no file data/${file}`);
    return text;
  }

  /** What a project does without its database says nothing about it. */
  private refuseBrokenDatabase(): void {
    const { fault } = this.database.proxy;
    if (fault) throw new InfrastructureFault('grading-database-failed', fault.message);
  }
}
