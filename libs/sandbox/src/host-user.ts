/**
 * Users of the host that a judge running as root hands sandboxes to, one after the other, so that no submission ever runs as the
 * host's root and two at the same time are not the same user. The range is unused by Debian, systemd and container engines
 * (https://systemd.io/UIDS-GIDS/).
 */
const FIRST = 60578;
const COUNT = 600;

export class HostUsers {
  private next = process.pid % COUNT;

  /** @returns a user id, or null when the judge is an ordinary user and submissions run as that user. */
  take(): number | null {
    if (process.getuid?.() !== 0) return null;
    this.next = (this.next + 1) % COUNT;
    return FIRST + this.next;
  }
}
