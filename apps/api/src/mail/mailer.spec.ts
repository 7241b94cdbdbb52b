import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Logger } from '@nestjs/common';
import type { Config } from '../config';
import { Mailer } from './mailer';

const MAIL = {
  to: 'ada@example.test',
  subject: 'Grüße, your task',
  text: 'Hello Ada,\n\nopen https://assay.test/c#invite_x to begin.\n',
};

function mailerFor(mailUrl: string): Mailer {
  return new Mailer({ mailUrl, mailFrom: 'Assay <assay@example.test>' } as Config);
}

describe('Mailer', () => {
  beforeAll(() => Logger.overrideLogger(false));

  it('writes each mail as a file of its own that only the operator can read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'assay-mailer-'));
    try {
      const mails = join(folder, 'made', 'on demand');
      const mailer = mailerFor(pathToFileURL(mails).href);
      expect([await mailer.send(MAIL), await mailer.send(MAIL)]).toEqual([true, true]);
      const files = await readdir(mails);
      expect(files).toHaveLength(2);
      const file = join(mails, files[0] ?? '');
      expect(file).toMatch(/\.eml$/);
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      const content = await readFile(file, 'utf8');
      expect(content).toContain('To: ada@example.test');
      expect(content).toContain('From: Assay <assay@example.test>');
      expect(content).toContain('open https://assay.test/c#invite_x to begin.');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('speaks SMTP', async () => {
    const { server, port, received } = await startSmtpServer();
    try {
      expect(await mailerFor(`smtp://127.0.0.1:${port}`).send(MAIL)).toBe(true);
      expect(received()).toContain('RCPT TO:<ada@example.test>');
      expect(received()).toContain('MAIL FROM:<assay@example.test>');
      expect(received()).toContain('open https://assay.test/c#invite_x to begin.');
    } finally {
      server.close();
    }
  });

  it('says when a mail did not go out, and throws nothing', async () => {
    const { server, port } = await startSmtpServer();
    await new Promise((resolve) => server.close(resolve));
    expect(await mailerFor(`smtp://127.0.0.1:${port}`).send(MAIL)).toBe(false);
    expect(await mailerFor(pathToFileURL(join(__filename, 'is no folder')).href).send(MAIL)).toBe(false);
  });
});

/** As much of an SMTP server as a client needs to hand over a mail. */
async function startSmtpServer(): Promise<{ server: Server; port: number; received: () => string }> {
  let received = '';
  const server = createServer((socket) => {
    let inData = false;
    socket.write('220 test\r\n');
    socket.on('data', (chunk) => {
      const text = chunk.toString();
      received += text;
      if (inData) {
        if (!received.endsWith('\r\n.\r\n')) return;
        inData = false;
        socket.write('250 taken\r\n');
        return;
      }
      inData = /^DATA\r\n/i.test(text);
      if (/^QUIT/i.test(text)) socket.end('221 bye\r\n');
      else socket.write(inData ? '354 go on\r\n' : '250 ok\r\n');
    });
    socket.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as AddressInfo).port, received: () => received };
}
