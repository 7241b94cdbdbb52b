import { JudgeProcess } from './judge-process';

/** Judge processes for as many grades as run at once: one that did its work well is used again. */
export class JudgePool {
  private readonly idle: JudgeProcess[] = [];
  private readonly working = new Set<JudgeProcess>();
  private isClosed = false;

  /** @param python and @param readable see `JudgeProcess` */
  constructor(
    private readonly python: string,
    private readonly readable: readonly string[],
  ) {}

  /** Has one ready. */
  warm(): void {
    if (!this.idle.some((judge) => judge.isUsable)) this.idle.push(new JudgeProcess(this.python, this.readable));
  }

  take(): JudgeProcess {
    let judge = this.idle.pop();
    while (judge && !judge.isUsable) judge = this.idle.pop();
    judge ??= new JudgeProcess(this.python, this.readable);
    this.working.add(judge);
    return judge;
  }

  /** Ends the grade in it, if one is open. Never rejects. */
  async giveBack(judge: JudgeProcess): Promise<void> {
    await judge.close();
    this.working.delete(judge);
    if (judge.isUsable && !this.isClosed) this.idle.push(judge);
    else await judge.kill();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all([...this.idle, ...this.working].map((judge) => judge.kill()));
  }
}
