import type { Socket } from 'node:net';
import type { GatedConnection, StatementGate } from './statement-gate';
import type { StatementTracker, TrackerListener } from './statement-tracker';

/** One connection of a submission that the proxy passes on: both sockets, and what waits for the gate. */
export class ProxiedConnection implements GatedConnection {
  upstream: Socket | null = null;
  private asked: string[] = [];
  private readonly waiting: Buffer[] = [];

  constructor(
    readonly ordinal: number,
    readonly client: Socket,
    readonly tracker: StatementTracker,
  ) {}

  /** Notes, for a gate, what the client asks from now on. */
  listen(gate: StatementGate | null, completed: TrackerListener | null): void {
    const gated = gate && { asked: (text: string) => this.note(text), hadSetback: () => gate.hadSetback(this) };
    this.tracker.listen(gated ? { ...completed, ...gated } : completed);
  }

  private note(text: string): void {
    this.asked.push(text);
  }

  /** Passes bytes of the client on, or keeps them until `release`. */
  pass(chunk: Buffer, gate: StatementGate | null): void {
    this.tracker.fromClient.push(chunk);
    if (gate !== null && (this.waiting.length > 0 || gate.holds(this, this.asked.splice(0)))) {
      this.waiting.push(chunk);
      this.client.pause();
      return;
    }
    if (this.upstream) forward(chunk, this.client, this.upstream);
  }

  release(): void {
    if (this.waiting.length === 0) return;
    for (const chunk of this.waiting.splice(0)) if (this.upstream) forward(chunk, this.client, this.upstream);
    this.client.resume();
  }
}

/** Writes with back-pressure: the sender waits while the receiver's buffer is full. */
export function forward(chunk: Buffer, from: Socket, to: Socket): void {
  if (to.write(chunk)) return;
  from.pause();
  to.once('drain', () => from.resume());
}
