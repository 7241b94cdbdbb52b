/** A connection of the submission that a gate can keep waiting. */
export interface GatedConnection {
  /** Place in the order in which connections were opened. */
  readonly ordinal: number;
  /** Lets what waits go on to the server. */
  release(): void;
}

/** Decides which statements of a submission have to wait at the proxy, as if the network were slow. */
export interface StatementGate {
  /** Whether what a client just asked must wait until its connection is released. @param texts SQL of what it asked */
  holds(connection: GatedConnection, texts: readonly string[]): boolean;
  /** The server refused a statement, or it changed no row. */
  hadSetback(connection: GatedConnection): void;
  gone(connection: GatedConnection): void;
}
