import { MalformedFrame } from './postgres-frames';

/** Source: PostgreSQL manual, "Message Formats": codes in place of a protocol version. */
const SSL_REQUEST = 80_877_103;
const GSS_REQUEST = 80_877_104;
const PROTOCOL_MAJOR = 3;
/** The server's own bound on the first packet, in bytes. */
const MAX_BYTES = 10_000;

/** What to do after the client's next bytes. */
export type StartupStep =
  | { readonly kind: 'wait' }
  /** Encryption was asked for: answer `N`, the client goes on in the clear. */
  | { readonly kind: 'decline' }
  /** The packet may go to the server; `rest` came after it. */
  | { readonly kind: 'accept'; readonly packet: Buffer; readonly rest: Buffer };

/** Reads what a client sends before the ordinary messages begin; only a session of the given user and database gets through. */
export class StartupReader {
  private bytes: Buffer = Buffer.alloc(0);

  constructor(
    private readonly user: string,
    private readonly database: string,
  ) {}

  /** Throws {@link MalformedFrame} on cancel requests, replication, another user or database, and on what is no start-up packet. */
  push(chunk: Buffer): StartupStep {
    this.bytes = Buffer.concat([this.bytes, chunk]);
    if (this.bytes.length < 8) return { kind: 'wait' };
    const length = this.bytes.readInt32BE(0);
    if (length < 8 || length > MAX_BYTES) throw new MalformedFrame('start-up packet with an impossible length');
    if (this.bytes.length < length) return { kind: 'wait' };
    const packet = this.bytes.subarray(0, length);
    const rest = this.bytes.subarray(length);
    const code = packet.readInt32BE(4);
    if (code === SSL_REQUEST || code === GSS_REQUEST) {
      if (rest.length > 0) throw new MalformedFrame('bytes sent before the answer to an encryption request');
      this.bytes = Buffer.alloc(0);
      return { kind: 'decline' };
    }
    if (code >>> 16 !== PROTOCOL_MAJOR) throw new MalformedFrame('not protocol version 3; cancel requests are refused');
    this.checkParameters(packet);
    return { kind: 'accept', packet, rest };
  }

  private checkParameters(packet: Buffer): void {
    const words = packet.toString('utf8', 8).split('\0');
    const parameters = new Map<string, string>();
    for (let index = 0; index + 1 < words.length && words[index] !== ''; index += 2) {
      const name = words[index] ?? '';
      if (parameters.has(name)) throw new MalformedFrame(`the start-up parameter "${name}" is there twice`);
      parameters.set(name, words[index + 1] ?? '');
    }
    if (parameters.get('user') !== this.user || parameters.get('database') !== this.database) {
      throw new MalformedFrame('another user or database was named');
    }
    if (parameters.has('replication')) throw new MalformedFrame('replication was asked for');
  }
}

/** What a server says to a client of which its role has too many already. Source: PostgreSQL manual, "ErrorResponse", SQLSTATE 53300. */
export function tooManyConnections(role: string): Buffer {
  const message = `too many connections for role "${role}"`;
  const fields = Buffer.from(`SFATAL\0VFATAL\0C53300\0M${message}\0\0`);
  const header = Buffer.alloc(5);
  header.write('E', 0, 'latin1');
  header.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([header, fields]);
}
