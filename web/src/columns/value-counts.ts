/** Characters of a text that count as its value; texts that begin alike for so long are counted as one. */
const countedCharsMax = 80;

/** A text, or what many begin with, and how many rows have it. */
export interface CountedText {
  readonly text: string;
  /** Whether there are more characters behind it, which nobody has looked at. */
  readonly isCut: boolean;
  readonly rowCount: number;
}

/**
 * Counts how often texts occur. It counts a limited number of different ones: those that are met first, each of them
 * exactly.
 */
export class ValueCounts {
  readonly #counts = new Map<string, { text: string; isCut: boolean; rowCount: number }>();
  readonly #distinctMax: number;
  /** Whether there are more different texts than are counted. */
  hasMore = false;

  constructor(distinctMax: number) {
    this.#distinctMax = distinctMax;
  }

  /** How many different texts have been counted. */
  get distinctCount(): number {
    return this.#counts.size;
  }

  add(text: string): void {
    const value = beginningOf(text);
    const isCut = value.length < text.length;
    const counted = this.#counts.get(value);
    if (counted !== undefined) {
      counted.rowCount += 1;
      counted.isCut ||= isCut;
    } else if (this.#counts.size === this.#distinctMax) this.hasMore = true;
    else {
      // A slice of a string keeps all of it in memory; a copy does not.
      const kept = isCut ? copyOf(value) : value;
      this.#counts.set(kept, { text: kept, isCut, rowCount: 1 });
    }
  }

  /** The most frequent ones, the first of which is the most frequent. */
  top(count: number): readonly CountedText[] {
    const ranked = [...this.#counts.values()].sort((a, b) => b.rowCount - a.rowCount);
    return ranked.slice(0, count).map((counted) => ({ ...counted }));
  }
}

/** The beginning of a text that its value is taken for, no character in halves; pure. */
export function beginningOf(text: string): string {
  if (text.length <= countedCharsMax) return text;
  const isHalf = /[\uD800-\uDBFF]/.test(text[countedCharsMax - 1]!);
  return text.slice(0, isHalf ? countedCharsMax - 1 : countedCharsMax);
}

/** A text in memory of its own. */
export function copyOf(text: string): string {
  return JSON.parse(JSON.stringify(text)) as string;
}
