import { setFlagsFromString } from "node:v8";
import { wasmMemoryBytesMax } from "../parquet/index.ts";

/**
 * The growth of the heap before V8 runs a full collection, in percent. Arrow data is outside of the heap but counts as
 * its growth. By default, V8 runs a full collection after every 16 MB of a stream. A third of the collections increase
 * throughput by a quarter and peak memory by a twentieth.
 */
const heapGrowingPercent = 900;

/**
 * The size of the semi-spaces of each thread, in MiB. By default, V8 lets them grow fourfold during a stream. Then they
 * hold more garbage, and are not faster.
 */
const semiSpaceMebibytes = 8;

const wasmPageBytes = 65_536;

/** The environment variable with glibc's maximum number of arenas. It is read when a process starts. */
const arenasVariable = "MALLOC_ARENA_MAX";

/**
 * Configures the process for Arrow data: megabytes are allocated in one thread and freed in another.
 *
 * glibc gives each thread an arena, which keeps freed memory. One arena for all threads needs a third less memory. This
 * setting and the size of semi-spaces are read at the start, so the process starts again with the same id, unless the
 * variable is set. Without glibc or `execve`, it continues unchanged.
 */
export function tuneMemory(): void {
  if (process.platform === "linux" && process.execve && process.env[arenasVariable] === undefined) {
    const semiSpace = `--max-semi-space-size=${semiSpaceMebibytes}`;
    const args = [process.execPath, semiSpace, ...process.execArgv, ...process.argv.slice(1)];
    process.execve(process.execPath, args, { ...process.env, [arenasVariable]: "1" });
  }
  tuneHeap();
  setFlagsFromString(`--wasm-max-mem-pages=${wasmMemoryBytesMax / wasmPageBytes}`);
}

/** Makes V8 collect garbage less often, with the settings that can change at run time. */
export function tuneHeap(): void {
  setFlagsFromString(`--heap-growing-percent=${heapGrowingPercent}`);
}
