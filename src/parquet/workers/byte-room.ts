/** A limit on bytes that are held at once. Waiting callers get room in order. */
export class ByteRoom {
  readonly #bytesMax: number;
  #heldBytes = 0;
  readonly #waiting: { readonly byteLength: number; readonly enter: () => void }[] = [];

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /**
   * Waits until there is room. A size beyond the limit counts as the limit.
   *
   * @returns a function that releases the room; call it once
   * @throws the signal's reason
   */
  async take(byteLength: number, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    const taken = Math.min(byteLength, this.#bytesMax);
    if (this.#waiting.length === 0 && this.#heldBytes + taken <= this.#bytesMax) this.#heldBytes += taken;
    else await this.#wait(taken, signal);
    return () => {
      this.#heldBytes -= taken;
      this.#admit();
    };
  }

  #wait(byteLength: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(signal.reason as Error);
        this.#admit();
      };
      const waiting = {
        byteLength,
        enter: () => {
          signal.removeEventListener("abort", leave);
          resolve();
        },
      };
      signal.addEventListener("abort", leave, { once: true });
      this.#waiting.push(waiting);
    });
  }

  #admit(): void {
    for (let [next] = this.#waiting; next; [next] = this.#waiting) {
      if (this.#heldBytes + next.byteLength > this.#bytesMax) return;
      this.#heldBytes += next.byteLength;
      this.#waiting.shift();
      next.enter();
    }
  }
}
