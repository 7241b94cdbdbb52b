import { InfrastructureFault } from '../faults';
import type { ArgumentsOf, CallName, Calls, FromJudge, QuestionName, Questions, ToJudge } from './messages';

/** What a judge process does for its parent. */
export type CallHandlers = { readonly [Name in CallName]: (request: Calls[Name]['request']) => Promise<Calls[Name]['answer']> };

/** The judge process's end of the channel to its parent. */
export class ParentChannel {
  private readonly waiting = new Map<number, (value: unknown) => void>();
  private nextId = 1;
  private runningCode: string | null = null;
  private done = 0;

  /** @param onEnd see `ToJudge` */
  serve(handlers: CallHandlers, onEnd: (what: 'project' | 'run', reason: string) => void): void {
    process.on('message', (message: ToJudge) => {
      if (message.type === 'ping') this.send({ type: 'pong' });
      else if (message.type === 'end') onEnd(message.what, message.reason);
      else if (message.type === 'answer') this.take(message.id, message.value);
      else void this.answer(message.id, handlers[message.name] as (request: unknown) => Promise<unknown>, message.request);
    });
  }

  /** Tells which code of the pack runs from now on, so that the parent can name it whatever happens. */
  running(what: string | null, done = this.done): void {
    this.runningCode = what;
    this.done = done;
    this.send({ type: 'running', what, done });
  }

  get runs(): string | null {
    return this.runningCode;
  }

  ask<Name extends QuestionName>(name: Name, ...[argument]: ArgumentsOf<Name>): Promise<Questions[Name]> {
    const id = this.nextId;
    this.nextId += 1;
    return new Promise((resolve) => {
      this.waiting.set(id, resolve as (value: unknown) => void);
      this.send({ type: 'question', id, name, argument: argument ?? null });
    });
  }

  private take(id: number, value: unknown): void {
    this.waiting.get(id)?.(value);
    this.waiting.delete(id);
  }

  private async answer(id: number, handle: (request: unknown) => Promise<unknown>, request: unknown): Promise<void> {
    try {
      this.send({ type: 'answer', id, value: await handle(request) });
    } catch (error) {
      const known = error instanceof InfrastructureFault ? error : null;
      const message = error instanceof Error ? error.message : String(error);
      const detail = error instanceof Error ? (error.stack ?? message) : message;
      this.send({ type: 'fault', id, code: known?.code ?? 'judge-failed', message: known ? message : detail });
    }
  }

  private send(message: FromJudge): void {
    // The parent may be gone; then this process ends as well.
    process.send?.(message, undefined, undefined, () => undefined);
  }
}
