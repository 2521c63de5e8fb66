/**
 * Waiting items of several streams, handed out in turns: one of each stream that has any, whatever another has
 * piled up.
 */
export class FairQueue<T> {
  /** Streams with waiting items, the next one first. */
  readonly #streams = new Map<object, T[]>();

  /** Adds an item behind those of its stream. */
  push(stream: object, item: T): void {
    const items = this.#streams.get(stream);
    if (items) items.push(item);
    else this.#streams.set(stream, [item]);
  }

  /** Takes the next item, or undefined where none waits. */
  shift(): T | undefined {
    const [next] = this.#streams;
    if (next === undefined) return undefined;
    const [stream, items] = next;
    const item = items.shift();
    this.#streams.delete(stream);
    if (items.length > 0) this.#streams.set(stream, items);
    return item;
  }

  /** Takes an item out before its turn; false where it waits no more. */
  remove(stream: object, item: T): boolean {
    const items = this.#streams.get(stream);
    const index = items?.indexOf(item) ?? -1;
    if (items === undefined || index === -1) return false;
    items.splice(index, 1);
    if (items.length === 0) this.#streams.delete(stream);
    return true;
  }
}
