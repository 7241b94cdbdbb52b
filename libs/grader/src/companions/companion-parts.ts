import type { CheckHttp } from '../check-api';
import type { CheckHttpOptions } from '../check-http';
import type { FurtherSandbox } from '../check-kinds/further-sandbox-api';
import type { CheckRecord } from '../check-record';
import type { Conversations } from '../conversations';
import type { RedisConnection } from '../redis-connection';
import type { HeldCompanion } from './companion-desk';
import type { CompanionOrder, CompanionSurroundings } from './orders';

/** What every kind of check works with that uses a further sandbox. */
export interface CompanionParts {
  /** @throws TypeError for an order that is not allowed */
  start(order: WithoutSurroundings, options: FurtherSandbox): Promise<HeldCompanion>;
  /** HTTP with something that a companion serves. */
  http(httpSocket: string): CheckHttp;
  /** Waits for the first answer of a server that is only starting, whatever it is, or until it is clear that there is none. */
  untilAnswers(httpSocket: string): Promise<void>;
  /** Text of the submission as evidence, without what differs between two gradings. */
  steady(text: string): string;
  readonly record: CheckRecord;
  readonly conversations: Conversations;
  /** The submission's Redis; throws when the pack gives none. */
  redis(): RedisConnection;
  /** Throws when the check may not ask now. */
  guard(): void;
  readonly sample: CheckHttpOptions['sample'];
  /** Aborted when the project is gone or the time of the run is over. */
  readonly signal: AbortSignal;
}

/** An order without what is the same for all kinds. */
type WithoutSurroundings = CompanionOrder extends infer Order
  ? Order extends CompanionSurroundings
    ? Omit<Order, keyof CompanionSurroundings>
    : never
  : never;
