/**
 * An abort of a part of a call: it also happens when the signal of the call aborts. `AbortSignal.any` takes several times
 * as long, because the garbage collector has to watch its result. So `abort` must be called at the end of the part.
 */
export class LinkedAbort {
  readonly #source: AbortSignal;
  readonly #controller = new AbortController();
  readonly #follow = (): void => this.abort(this.#source.reason);

  /** @param source - the signal of the call */
  constructor(source: AbortSignal) {
    this.#source = source;
    if (source.aborted) this.#follow();
    else source.addEventListener("abort", this.#follow, { once: true });
  }

  /** Aborts when the part or the call ends. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Ends the part. Only the first reason counts. */
  abort(reason: unknown): void {
    this.#source.removeEventListener("abort", this.#follow);
    this.#controller.abort(reason);
  }
}
