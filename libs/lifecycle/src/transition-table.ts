/** Which states may follow each state. A state with no followers is final. */
export type TransitionTable<State extends string> = Readonly<Record<State, readonly State[]>>;

/** True when the table allows the move. Staying where one is is not a move. */
export function canMove<State extends string>(table: TransitionTable<State>, from: State, to: State): boolean {
  return table[from].includes(to);
}

export function isFinal<State extends string>(table: TransitionTable<State>, state: State): boolean {
  return table[state].length === 0;
}

/** States that no chain of moves from `initial` leads to; a sound table has none. */
export function unreachableStates<State extends string>(table: TransitionTable<State>, initial: State): string[] {
  const reached = new Set<State>([initial]);
  // A Set visits what is added while it is walked, so this follows every chain to its end.
  for (const state of reached) {
    for (const next of table[state]) reached.add(next);
  }
  return Object.keys(table).filter((state) => ![...reached].some((one) => one === state));
}
