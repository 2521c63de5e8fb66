import type { Metrics } from "../metrics.ts";
import { limitNames, type ServerLimits } from "./server-limits.ts";

/** Counts in the metrics that a limit was reached. */
export type OnLimit = (name: keyof ServerLimits) => void;

/** Returns a function that counts reached limits in the metrics. */
export function limitCounter(metrics: Metrics): OnLimit {
  const keys = new Map(limitNames.map((name) => [name, toKebabCase(name)]));
  return (name) => metrics.countLimit(keys.get(name) ?? name);
}

/** Converts a name such as `logLevel` to its form in the configuration file, `log-level`. */
export function toKebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
