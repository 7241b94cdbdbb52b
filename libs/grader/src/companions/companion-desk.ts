import type { CheckRecord } from '../check-record';
import type { Conversations } from '../conversations';
import { ExpectationFailed } from '../expectations';
import type { DatabaseAccess } from '../judged-database';
import {
  type BootFailure,
  type CompanionAnswer,
  type CompanionEnd,
  type CompanionOrder,
  type CompanionRequest,
  checkOrder,
} from './orders';

export interface CompanionDeskOptions {
  /** Asks the parent. */
  readonly ask: (request: CompanionRequest) => Promise<CompanionAnswer>;
  readonly conversations: Conversations;
  /** Aborted when the whole run must end. */
  readonly signal: AbortSignal;
}

/** A further sandbox of the submission, as checks of this process hold it. */
export interface HeldCompanion {
  readonly httpSocket: string;
  /** Settles when the submission's code is about to run, or, for a project, when it serves (null) or failed to. */
  begun(): Promise<BootFailure | null>;
  /** Its end, by itself or by its limits. */
  wait(): Promise<CompanionEnd>;
  kill(): Promise<CompanionEnd>;
  /** Its processes wait for something outside of them: what they began is done as far as it goes. */
  settle(): Promise<void>;
  /** Whether its end is known. */
  readonly isOver: boolean;
}

/**
 * The further sandboxes of one grade, on the side of the judge. What a check started is killed when the check is over; what was started
 * for a shared value lives as long as the grade.
 */
export class CompanionDesk {
  private readonly held = new Map<CheckRecord, Set<HeldCompanion>>();
  private readonly starting = new Map<CheckRecord, Set<Promise<unknown>>>();

  constructor(private readonly options: CompanionDeskOptions) {}

  /**
   * @param record of the check, or the shared value, that it belongs to
   * @throws TypeError for an order that is not allowed
   */
  async start(order: CompanionOrder, record: CheckRecord): Promise<HeldCompanion> {
    checkOrder(order);
    const { conversations } = this.options;
    // A sandbox is ours to make: its time is not the project's.
    const making = conversations.aside(() => this.ask({ do: 'start', order }));
    const ofRecord = setOf(this.starting, record);
    ofRecord.add(making);
    try {
      const { id, httpSocket } = await making;
      const companion = this.hold(id, httpSocket, order.kind === 'serve', record);
      setOf(this.held, record).add(companion);
      return companion;
    } finally {
      ofRecord.delete(making);
    }
  }

  /** An empty database besides the project's, for orders that name it. */
  async makeDatabase(): Promise<{ readonly id: number; readonly access: DatabaseAccess }> {
    const { id, access } = await this.options.conversations.aside(() => this.ask({ do: 'make-database' }));
    return { id, access };
  }

  /** Kills what belongs to the record. */
  async over(record: CheckRecord): Promise<void> {
    await Promise.allSettled([...(this.starting.get(record) ?? [])]);
    const left = [...(this.held.get(record) ?? [])].filter((companion) => !companion.isOver);
    this.held.delete(record);
    this.starting.delete(record);
    await Promise.allSettled(left.map((companion) => companion.kill()));
  }

  private hold(id: number, httpSocket: string, isServing: boolean, record: CheckRecord): HeldCompanion {
    const { conversations } = this.options;
    const ended = async (how: 'wait' | 'kill'): Promise<CompanionEnd> => {
      const ask = () => this.ask({ do: how, id });
      const { end } = how === 'wait' ? await conversations.during(ask) : await conversations.aside(ask);
      this.held.get(record)?.delete(companion);
      isOver = true;
      return end;
    };
    let isOver = false;
    const companion: HeldCompanion = {
      httpSocket,
      begun: async () => {
        const ask = () => this.ask({ do: 'begun', id });
        return (await (isServing ? conversations.during(ask) : conversations.aside(ask))).failure;
      },
      wait: () => ended('wait'),
      kill: () => ended('kill'),
      settle: async () => {
        await conversations.during(() => this.ask({ do: 'settle', id }));
      },
      get isOver() {
        return isOver;
      },
    };
    return companion;
  }

  private ask(request: { readonly do: 'start'; readonly order: CompanionOrder }): Promise<AnswerOf<'started'>>;
  private ask(request: { readonly do: 'make-database' }): Promise<AnswerOf<'database'>>;
  private ask(request: { readonly do: 'begun'; readonly id: number }): Promise<AnswerOf<'begun'>>;
  private ask(request: { readonly do: 'settle'; readonly id: number }): Promise<AnswerOf<'settled'>>;
  private ask(request: { readonly do: 'wait' | 'kill'; readonly id: number }): Promise<AnswerOf<'ended'>>;
  private async ask(request: CompanionRequest): Promise<CompanionAnswer> {
    const { signal } = this.options;
    if (signal.aborted) throw new ExpectationFailed(String(signal.reason));
    let refuse = (): void => undefined;
    const aborted = new Promise<never>((_, reject) => {
      refuse = () => reject(new ExpectationFailed(String(signal.reason)));
      signal.addEventListener('abort', refuse, { once: true });
    });
    try {
      return await Promise.race([this.options.ask(request), aborted]);
    } finally {
      signal.removeEventListener('abort', refuse);
    }
  }
}

type AnswerOf<Type extends CompanionAnswer['type']> = Extract<CompanionAnswer, { readonly type: Type }>;

function setOf<K, V>(map: Map<K, Set<V>>, key: K): Set<V> {
  const found = map.get(key) ?? new Set<V>();
  map.set(key, found);
  return found;
}
