import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { createTransport } from 'nodemailer';
import { CONFIG, type Config } from '../config';

export interface Mail {
  readonly to: string;
  readonly subject: string;
  /** Plain text. */
  readonly text: string;
}

const TIMEOUT_MS = 10_000;

/** Sends mail by SMTP (`smtp://`, `smtps://`), or writes each mail as an .eml file into a folder (`file://`). */
@Injectable()
export class Mailer {
  private readonly logger = new Logger(Mailer.name);

  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /** Whether the mail went out; a failure is logged, never thrown, because what it tells of has happened already. */
  async send(mail: Mail): Promise<boolean> {
    try {
      const message = { from: this.config.mailFrom, ...mail };
      if (this.config.mailUrl.startsWith('file:')) await this.write(message);
      else await this.overSmtp(message);
      return true;
    } catch (error) {
      this.logger.error({ err: error }, 'A mail could not be sent');
      return false;
    }
  }

  private async overSmtp(message: Mail & { from: string }): Promise<void> {
    const timeouts = { connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS };
    await createTransport({ url: this.config.mailUrl, ...timeouts }).sendMail(message);
  }

  private async write(message: Mail & { from: string }): Promise<void> {
    const folder = fileURLToPath(this.config.mailUrl);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const { messageId, message: content } = await createTransport({ streamTransport: true, buffer: true }).sendMail(message);
    await writeFile(path.join(folder, `${messageId.replace(/[^A-Za-z0-9.-]/g, '')}.eml`), content as Buffer, { mode: 0o600 });
  }
}
