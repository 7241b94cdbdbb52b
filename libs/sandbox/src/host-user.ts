/**
 * Users of the host that a judge running as root hands sandboxes to, one after the other, so that no submission ever runs as the
 * host's root and two at the same time are not the same user. The range is unused by Debian, systemd and container engines
 * (https://systemd.io/UIDS-GIDS/).
 */
export const USERS = { first: 60578, count: 600 };

export class HostUsers {
  private next = process.pid % USERS.count;

  /** @returns a user id, or null when the judge is an ordinary user and submissions run as that user. */
  take(): number | null {
    if (process.getuid?.() !== 0) return null;
    this.next = (this.next + 1) % USERS.count;
    return USERS.first + this.next;
  }
}
