import type { CheckHttp } from '../check-api';
import type { CheckRecord } from '../check-record';
import type { Conversations } from '../conversations';

/** What a tool of one check works with. */
export interface ToolParts {
  readonly http: CheckHttp;
  readonly conversations: Conversations;
  readonly record: Pick<CheckRecord, 'addRecord'>;
  /** Throws when the check may not ask now. */
  readonly guard: () => void;
}
