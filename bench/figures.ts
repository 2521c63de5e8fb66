/** One row of a result: medians of Hangar and of the peers beside it. */
export interface Figure {
  readonly title: string;
  readonly unit: string;
  /** Whether a larger or a smaller value is the better one. */
  readonly better: "more" | "less";
  /** The value of each program; `hangar` is one of them. */
  readonly values: Readonly<Record<string, number>>;
  /** The least ratio of Hangar to a peer that is good enough; the greatest one if less is better. `hangar` is an absolute value. */
  readonly aims?: Readonly<Record<string, number>>;
  /** CPU time of each server process for the same work, in milliseconds. On a busy machine it says more than the values. */
  readonly cpuMs?: Readonly<Record<string, number>>;
}

/** Returns the middle value; the mean of the two middle ones of an even count. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle) - 1] ?? NaN)) / 2;
}

/** Returns the medians of the values of each program. */
export function mediansOf(values: ReadonlyMap<string, readonly number[]>): Record<string, number> {
  return Object.fromEntries([...values].map(([name, all]) => [name, median(all)]));
}

/** What a figure is compared with, and whether the aim is reached. */
export interface Comparison {
  readonly peer: string;
  /** Hangar's value divided by the peer's; Hangar's own value if the aim is absolute. */
  readonly ratio: number;
  readonly aim?: number;
  readonly isReached?: boolean;
}

/** Compares Hangar's value with each peer's, and with an absolute aim. */
export function compare({ values, aims = {}, better }: Figure): Comparison[] {
  const ours = values["hangar"] ?? NaN;
  const peers = Object.keys(values).filter((name) => name !== "hangar" || "hangar" in aims);
  return peers.map((peer) => {
    const ratio = peer === "hangar" ? ours : ours / (values[peer] ?? NaN);
    const aim = aims[peer];
    if (aim === undefined) return { peer, ratio };
    return { peer, ratio, aim, isReached: better === "more" ? ratio >= aim : ratio <= aim };
  });
}
