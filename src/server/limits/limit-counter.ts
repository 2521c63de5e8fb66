import type { Metrics } from "../metrics.ts";
import { limitNames, type ServerLimits } from "./server-limits.ts";

/** Counts for the metrics how often each limit was reached. */
export type OnLimit = (name: keyof ServerLimits) => void;

/** Returns a function that counts reached limits in a server's metrics. */
export function limitCounter(metrics: Metrics): OnLimit {
  const keys = new Map(limitNames.map((name) => [name, toKebabCase(name)]));
  return (name) => metrics.countLimit(keys.get(name) ?? name);
}

/** The name of a limit as the configuration file has it. */
export function toKebabCase(name: keyof ServerLimits): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
