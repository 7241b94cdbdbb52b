/** Messages of the PostgreSQL protocol, byte by byte (manual, "Message Formats"), past all that a driver would do. */

export function message(type: string, payload: Buffer = Buffer.alloc(0)): Buffer {
  const header = Buffer.alloc(5);
  header.write(type, 0, 'latin1');
  header.writeInt32BE(payload.length + 4, 1);
  return Buffer.concat([header, payload]);
}

export function query(sql: string): Buffer {
  return message('Q', Buffer.from(`${sql}\0`));
}

export function parse(name: string, sql: string): Buffer {
  return message('P', Buffer.from(`${name}\0${sql}\0\0\0`));
}

export function bind(portal: string, name: string): Buffer {
  return message('B', Buffer.concat([Buffer.from(`${portal}\0${name}\0`), Buffer.alloc(6)]));
}

/** @param rows at most so many, 0: all */
export function execute(portal: string, rows = 0): Buffer {
  const limit = Buffer.alloc(4);
  limit.writeInt32BE(rows);
  return message('E', Buffer.concat([Buffer.from(`${portal}\0`), limit]));
}

export function sync(): Buffer {
  return message('S');
}

/** A start-up packet with these parameters. */
export function startup(parameters: Readonly<Record<string, string>>): Buffer {
  const words = Object.entries(parameters).flat().concat('');
  const body = Buffer.from(`${words.join('\0')}\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(body.length + 8, 0);
  head.writeInt32BE(3 << 16, 4);
  return Buffer.concat([head, body]);
}

/** A packet of a code and numbers in place of a start-up: a cancel request, a request for encryption. */
export function request(...numbers: readonly number[]): Buffer {
  const packet = Buffer.alloc(4 + 4 * numbers.length);
  packet.writeInt32BE(packet.length, 0);
  for (const [index, number] of numbers.entries()) packet.writeInt32BE(number, 4 + 4 * index);
  return packet;
}
