/** The maximum number of answers that are kept: enough for the datasets of a few dashboards. */
const answersMax = 256;

/** The longest message whose answer is kept, in bytes. With `answersMax`, all answers take at most 8 MiB. */
const messageBytesMax = 16 * 1024;

/**
 * Keeps the last changed messages. An upstream answers the same question with the same bytes until the dataset changes,
 * and the same bytes are changed in the same way. So nothing outdated is ever returned.
 */
export class RepeatedAnswers {
  readonly #answers = new Map<string, Uint8Array>();

  /**
   * Returns the changed message.
   *
   * @param bytes - the message of the upstream
   * @param rule - what the change depends on, besides the bytes
   * @param change - is called for a message that is not kept
   */
  answer(bytes: Uint8Array, rule: string, change: (bytes: Uint8Array) => Uint8Array): Uint8Array {
    if (bytes.byteLength > messageBytesMax) return change(bytes);
    const key = `${rule}\n${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1")}`;
    const changed = this.#answers.get(key) ?? change(bytes);
    // The oldest is the first.
    this.#answers.delete(key);
    this.#answers.set(key, changed);
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > answersMax && oldest !== undefined) this.#answers.delete(oldest);
    return changed;
  }
}
