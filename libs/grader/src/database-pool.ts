import {
  createFreshDatabase,
  type DatabaseServer,
  type DatabaseTemplate,
  dropDatabase,
  type FreshDatabase,
} from './fresh-database';

/** Ready databases for each template: one to take, and one to take while the next is being made. */
const READY = 2;
/** Templates for which databases are kept ready: those used last. */
const MAX_TEMPLATES = 4;

interface Shelf {
  readonly template: DatabaseTemplate | null;
  ready: Promise<FreshDatabase>[];
}

/**
 * Databases that are made before a grade needs them, on one server. Each is given out once; a template that is used for the first time
 * is copied while its grade waits. Only a template's own name finds its copies, so that what was made from an older one is never used.
 */
export class DatabasePool {
  /** By name of the template's database, the one used last at the end; the empty name for the empty database. */
  private readonly shelves = new Map<string, Shelf>();

  constructor(private readonly server: DatabaseServer) {}

  /** Lets the next `refill` make databases from a template that was not used yet. */
  expect(template: DatabaseTemplate): void {
    if (!this.shelves.has(template.database)) this.shelves.set(template.database, { template, ready: [] });
  }

  /** A database of which nothing was used. Throws `InfrastructureFault`. */
  async take(template: DatabaseTemplate | null): Promise<FreshDatabase> {
    const name = template?.database ?? '';
    const shelf = this.shelves.get(name) ?? { template, ready: [] };
    this.shelves.delete(name);
    this.shelves.set(name, shelf);
    const waiting = shelf.ready.shift();
    // One that could not be made is no reason not to try again.
    const made = await waiting?.catch(() => null);
    return made ?? createFreshDatabase(this.server, template);
  }

  /** Makes what is missing, one after the other, and drops what was made for templates that are no longer used. Never rejects. */
  async refill(): Promise<void> {
    const names = [...this.shelves.keys()];
    for (const name of names.slice(0, -MAX_TEMPLATES)) await this.clear(name);
    for (const shelf of this.shelves.values()) {
      while (shelf.ready.length < READY) if (!(await this.makeOne(shelf))) return;
    }
  }

  private async makeOne({ template, ready }: Shelf): Promise<boolean> {
    const making = createFreshDatabase(this.server, template);
    ready.push(making);
    try {
      await making;
      return true;
    } catch {
      const place = ready.indexOf(making);
      if (place >= 0) void ready.splice(place, 1);
      return false;
    }
  }

  /** Names of the databases that are ready. */
  async names(): Promise<string[]> {
    const making = [...this.shelves.values()].flatMap(({ ready }) => ready);
    const made = await Promise.all(making.map((fresh) => fresh.catch(() => null)));
    return made.flatMap((fresh) => (fresh ? [fresh.name] : []));
  }

  /** Drops what is ready for a template, which may then be dropped itself. Never rejects. */
  async forget(template: DatabaseTemplate): Promise<void> {
    await this.clear(template.database);
  }

  private async clear(name: string): Promise<void> {
    const shelf = this.shelves.get(name);
    this.shelves.delete(name);
    for (const making of shelf?.ready.splice(0) ?? []) {
      await making.then((fresh) => dropDatabase(this.server, fresh.name)).catch(() => undefined);
    }
  }
}
