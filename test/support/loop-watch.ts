import { writeSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

/*
 * A module to preload into a server (`--import`). It measures the event loop of the main thread, and prints a line for
 * each SIGUSR2: what was longest since the last one.
 */

/** The interval of the measurements, in milliseconds. */
const tickMs = 5;

const cpuMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

if (isMainThread) {
  let last = { at: performance.now(), cpu: cpuMs() };
  let longest = { wallMs: 0, cpuMs: 0 };
  const tick = (): void => {
    const now = { at: performance.now(), cpu: cpuMs() };
    longest = {
      wallMs: Math.max(longest.wallMs, now.at - last.at - tickMs),
      cpuMs: Math.max(longest.cpuMs, now.cpu - last.cpu),
    };
    last = now;
  };
  setInterval(tick, tickMs).unref();
  process.on("SIGUSR2", () => {
    writeSync(2, `longest turn: ${longest.cpuMs.toFixed(1)} ms of CPU, ${longest.wallMs.toFixed(1)} ms\n`);
    longest = { wallMs: 0, cpuMs: 0 };
  });
}
