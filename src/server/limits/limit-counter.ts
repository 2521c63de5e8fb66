import type { FixedLimit } from "../../flight/index.ts";
import type { Metrics } from "../metrics.ts";
import { limitNames, type ServerLimits } from "./server-limits.ts";

/** The name of a limit, in the code. */
export type LimitName = keyof ServerLimits | FixedLimit;

/** Counts in the metrics that a limit was reached. */
export type OnLimit = (name: LimitName) => void;

/** Returns a function that counts reached limits in the metrics. */
export function limitCounter(metrics: Metrics): OnLimit {
  const keys = new Map<string, string>(limitNames.map((name) => [name, toKebabCase(name)]));
  return (name) => metrics.countLimit(keys.get(name) ?? name);
}

/** Converts a name such as `logLevel` to its form in the configuration file, `log-level`. */
export function toKebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
