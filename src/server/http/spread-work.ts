/** How long the queued work of one turn of the event loop may take, in milliseconds. */
const turnMs = 10;

/**
 * Runs small pieces of work in the order of their arrival, for a few milliseconds in each turn of the event loop. So a
 * crowd of new connections does not delay the calls of other connections.
 */
export class SpreadWork {
  #waiting: (() => void)[] = [];
  #isScheduled = false;

  /** Adds a piece of work. It runs in one of the next turns. */
  add(work: () => void): void {
    this.#waiting.push(work);
    if (!this.#isScheduled) this.#schedule();
  }

  #schedule(): void {
    this.#isScheduled = true;
    setImmediate(() => this.#run());
  }

  #run(): void {
    this.#isScheduled = false;
    const end = performance.now() + turnMs;
    let count = 0;
    while (count < this.#waiting.length && performance.now() < end) this.#waiting[count++]!();
    this.#waiting = this.#waiting.slice(count);
    if (this.#waiting.length > 0) this.#schedule();
  }
}
