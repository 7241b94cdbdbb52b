/** How one attempt ended. `error`: it could not be made, which shows nothing and counts as a failure of the suite. */
export interface Attempt {
  readonly outcome: 'held' | 'breached' | 'error';
  readonly seen: string;
  readonly ms: number;
}

/** One attack on one driver. */
export interface AttackResult {
  readonly attack: string;
  /** Null when no sandbox takes part. */
  readonly driver: string | null;
  readonly guarded: Attempt;
  /** Without its layers; null where the driver lacks the layer, with `noProof` saying so. */
  readonly proof: Attempt | null;
  readonly noProof: string | null;
}

export interface AttackReport {
  /** Number of attacks, whatever the number of drivers. */
  readonly cases: number;
  readonly drivers: readonly string[];
  /** Attacks that breached, with every layer on, on at least one driver. */
  readonly breaches: number;
  /** Attacks that held on every driver and were seen to breach without their layers on every driver that has these. */
  readonly proven: number;
  /** One line for each attempt that could not be made. */
  readonly errors: readonly string[];
  readonly results: readonly AttackResult[];
}

/** @param results all of one run */
export function summarize(
  attacks: readonly string[],
  drivers: readonly string[],
  results: readonly AttackResult[],
): AttackReport {
  const of = (attack: string): AttackResult[] => results.filter((result) => result.attack === attack);
  return {
    cases: attacks.length,
    drivers,
    breaches: attacks.filter((attack) => of(attack).some(({ guarded }) => guarded.outcome === 'breached')).length,
    proven: attacks.filter((attack) => isProven(of(attack))).length,
    errors: results.flatMap(({ attack, driver, guarded, proof }) =>
      [guarded, proof].flatMap((attempt, index) =>
        attempt?.outcome === 'error'
          ? [`${attack} on ${driver ?? 'no driver'}, ${index ? 'proof' : 'guarded'}: ${attempt.seen}`]
          : [],
      ),
    ),
    results,
  };
}

function isProven(results: readonly AttackResult[]): boolean {
  const proofs = results.flatMap(({ proof }) => (proof ? [proof] : []));
  const allHeld = results.every(({ guarded }) => guarded.outcome === 'held');
  return allHeld && proofs.length > 0 && proofs.every(({ outcome }) => outcome === 'breached');
}
