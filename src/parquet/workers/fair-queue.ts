/**
 * A queue with turns: it hands out one item of each stream that has any, regardless of the length of the other streams.
 */
export class FairQueue<T> {
  /** The streams with waiting items, in the order of their turns. */
  readonly #streams = new Map<object, T[]>();

  /** Appends an item to its stream. */
  push(stream: object, item: T): void {
    const items = this.#streams.get(stream);
    if (items) items.push(item);
    else this.#streams.set(stream, [item]);
  }

  /** Removes and returns the next item; undefined if none waits. */
  shift(): T | undefined {
    const [next] = this.#streams;
    if (next === undefined) return undefined;
    const [stream, items] = next;
    const item = items.shift();
    this.#streams.delete(stream);
    if (items.length > 0) this.#streams.set(stream, items);
    return item;
  }

  /** Removes an item before its turn. Returns false if it does not wait any more. */
  remove(stream: object, item: T): boolean {
    const items = this.#streams.get(stream);
    const index = items?.indexOf(item) ?? -1;
    if (items === undefined || index === -1) return false;
    items.splice(index, 1);
    if (items.length === 0) this.#streams.delete(stream);
    return true;
  }
}
