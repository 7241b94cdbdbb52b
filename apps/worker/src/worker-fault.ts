/** Something of ours keeps a run from being graded here and now. Never the candidate's fault; the run is tried again. */
export class WorkerFault extends Error {
  override readonly name = 'WorkerFault';

  /** @param code stable, in kebab-case */
  constructor(
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
