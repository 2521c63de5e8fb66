import { setTimeout as sleep } from "node:timers/promises";

/** How long a test waits for another process before it calls that a failure. Far above what is normal, for busy machines. */
export const patienceMs = 60_000;

/** How long a program may take to start, which is work for a busy machine. */
export const startMs = 180_000;

/** Asks again and again until the answer is true. Throws, naming what was awaited, when patience ends. */
export async function waitUntil(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  limitMs = patienceMs,
): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`waited ${limitMs} ms in vain until ${what}`);
    await sleep(20);
  }
}

/** The promise's value, or an error that names what was awaited when patience ends. */
export async function within<T>(what: string, promise: Promise<T>, limitMs = patienceMs): Promise<T> {
  const timer = new AbortController();
  const limit = sleep(limitMs, undefined, { signal: timer.signal }).then(
    () => Promise.reject(new Error(`waited ${limitMs} ms in vain for ${what}`)),
    () => new Promise<never>(() => {}),
  );
  try {
    return await Promise.race([promise, limit]);
  } finally {
    timer.abort();
  }
}
