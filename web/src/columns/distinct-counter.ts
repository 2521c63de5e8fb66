import { HashTable } from "./hash-table.ts";
import type { ValueHash } from "./value-hash.ts";

/** How many different values there are, and whether that is exact. */
export interface DistinctCount {
  readonly count: number;
  readonly isExact: boolean;
}

/** Bits of a hash that choose its register: 2^12 registers of a byte, and a standard error of 1.6 %. */
const indexBits = 12;
const registerCount = 2 ** indexBits;

/** The standard error of estimated counts, as a share. */
export const distinctError = 1.04 / Math.sqrt(registerCount);

/**
 * Counts different values by their hashes: exactly up to a number of them, then by HyperLogLog. Source: Flajolet et al.,
 * "HyperLogLog: the analysis of a near-optimal cardinality estimation algorithm", with linear counting for few.
 */
export class DistinctCounter {
  #exact: HashTable | undefined = new HashTable();
  #registers: Uint8Array | undefined;
  readonly #exactMax: number;

  constructor(exactMax: number) {
    this.#exactMax = exactMax;
  }

  add(hash: ValueHash): void {
    if (this.#exact !== undefined) {
      if (this.#exact.find(hash) >= 0) return;
      if (this.#exact.size < this.#exactMax) return void this.#exact.insert(hash);
      this.#estimate(this.#exact);
    }
    this.#register(hash);
  }

  get count(): DistinctCount {
    if (this.#registers === undefined) return { count: this.#exact!.size, isExact: true };
    return { count: Math.round(estimateOf(this.#registers)), isExact: false };
  }

  #estimate(exact: HashTable): void {
    this.#registers = new Uint8Array(registerCount);
    for (const hash of exact) this.#register(hash);
    this.#exact = undefined;
  }

  #register(hash: ValueHash): void {
    const registers = this.#registers!;
    const [high, low] = [Math.floor(hash / 2 ** 32), hash >>> 0];
    const index = low & (registerCount - 1);
    // Of the other bits, 21 are high and 20 low.
    const rank = high !== 0 ? Math.clz32(high) - 10 : 22 + Math.min(20, Math.clz32(low >>> indexBits) - 12);
    if (registers[index]! < rank) registers[index] = rank;
  }
}

function estimateOf(registers: Uint8Array): number {
  let [sum, zeroCount] = [0, 0];
  for (const rank of registers) {
    sum += 2 ** -rank;
    if (rank === 0) zeroCount += 1;
  }
  const estimate = ((0.7213 / (1 + 1.079 / registerCount)) * registerCount ** 2) / sum;
  return estimate <= 2.5 * registerCount && zeroCount > 0
    ? registerCount * Math.log(registerCount / zeroCount)
    : estimate;
}
