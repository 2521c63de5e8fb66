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

/** Different values that are kept of a column at most, and what is left of those of all columns that share it. */
export interface DistinctBudget {
  readonly ofColumnMax: number;
  left: number;
}

/**
 * Counts different values by their hashes: exactly up to a number of them, then by HyperLogLog. Source: Flajolet et al.,
 * "HyperLogLog: the analysis of a near-optimal cardinality estimation algorithm".
 */
export class DistinctCounter {
  #exact: HashTable | undefined = new HashTable();
  #registers: Uint8Array | undefined;
  readonly #budget: DistinctBudget;

  constructor(budget: DistinctBudget) {
    this.#budget = budget;
  }

  add(hash: ValueHash): void {
    if (this.#exact !== undefined) {
      if (this.#exact.find(hash) >= 0) return;
      if (this.#exact.size < this.#budget.ofColumnMax && this.#budget.left > 0) {
        this.#budget.left -= 1;
        return void this.#exact.insert(hash);
      }
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
    this.#budget.left += exact.size;
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

/** Ranks that a hash can have, besides 0: those of 41 bits. */
const rankMax = 42;

/**
 * The number of values that most likely leaves these registers. Source: Ertl, "New cardinality estimation algorithms for
 * HyperLogLog sketches", algorithm 6, as in Redis: it is right for few values and many, without tables or thresholds.
 */
function estimateOf(registers: Uint8Array): number {
  const counts = new Float64Array(rankMax + 1);
  for (const rank of registers) counts[rank]! += 1;
  let z = registerCount * tau(1 - counts[rankMax]! / registerCount);
  for (let rank = rankMax - 1; rank >= 1; rank--) z = (z + counts[rank]!) / 2;
  z += registerCount * sigma(counts[0]! / registerCount);
  return registerCount ** 2 / (2 * Math.LN2 * z);
}

/** x + x² + 2 x⁴ + 4 x⁸ + … */
function sigma(share: number): number {
  if (share === 1) return Infinity;
  let [power, factor, sum, before] = [share, 1, share, NaN];
  while (sum !== before) {
    power *= power;
    before = sum;
    sum += power * factor;
    factor *= 2;
  }
  return sum;
}

/** (1 - x - (1 - √x)² / 2 - (1 - ⁴√x)² / 4 - …) / 3 */
function tau(share: number): number {
  if (share === 0 || share === 1) return 0;
  let [root, factor, sum, before] = [share, 1, 1 - share, NaN];
  while (sum !== before) {
    root = Math.sqrt(root);
    before = sum;
    factor /= 2;
    sum -= (1 - root) ** 2 * factor;
  }
  return sum / 3;
}
