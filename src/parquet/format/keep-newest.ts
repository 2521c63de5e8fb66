import { openFilesMax } from "../limits.ts";

/** Sets the newest entry of a worker's cache, and removes the oldest one if there are more than `openFilesMax`. */
export function keepNewest<Value>(cache: Map<string, Value>, key: string, value: Value): void {
  cache.delete(key);
  cache.set(key, value);
  const [oldest] = cache.keys();
  if (cache.size > openFilesMax && oldest !== undefined) cache.delete(oldest);
}
