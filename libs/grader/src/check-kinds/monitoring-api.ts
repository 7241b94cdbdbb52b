/**
 * `context.monitoring`: what the project sends to the server that `SENTRY_DSN` names, of a pack with `services: { monitoring: true }`. See
 * docs/checks/monitoring.md.
 */
export interface CheckMonitoring {
  /**
   * The events that arrived since the check began, or since `clear`. Waits until the project has sent what it has to send and, within
   * two seconds of the project's time, until so many are there.
   *
   * @param settings.atLeast 1 when left out; 0 where none is expected, so that nobody waits
   */
  events(settings?: { readonly atLeast?: number }): Promise<readonly MonitoringEvent[]>;
  /**
   * Which of these hidden values arrived in the same time, wherever: in an event, in what goes with it (transactions, attachments,
   * headers), plain, percent-encoded or in base64. Ask for events first.
   */
  leaks(values: readonly string[]): readonly string[];
  /** Waits until the project has sent what it has to send, and forgets it. */
  clear(): Promise<void>;
}

export interface MonitoringEvent {
  /** The exceptions of the event, the one that was raised last. */
  readonly exceptions: readonly { readonly type: string; readonly message: string }[];
  /** Of an event without exception, for example what was logged. */
  readonly message: string | null;
  readonly level: string | null;
  readonly release: string | null;
  readonly environment: string | null;
  /** All of the event, as it was sent. */
  readonly data: Readonly<Record<string, unknown>>;
}
