/** What a benchmark has started and must end, newest first, however the benchmark ends. */
export class Resources {
  #releases = [];

  /** Notes how to end something that was started just now; gives it back. */
  keep(started, release) {
    this.#releases.push(() => release(started));
    return started;
  }

  async release() {
    while (this.#releases.length > 0) await this.#releases.pop()();
  }
}
