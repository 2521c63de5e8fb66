import { setFlagsFromString } from "node:v8";
import { wasmMemoryBytesMax } from "../parquet/index.ts";

/**
 * How much the heap may grow before V8 collects all of it, in percent. Arrow data lies outside of the heap but counts
 * as its growth, so that by default a stream of batches makes V8 look through everything each 16 MB; three times
 * fewer collections give a quarter more throughput and a twentieth more peak memory.
 */
const heapGrowingPercent = 900;

/**
 * The halves of the young generation of each thread's heap, in MiB. V8 lets them grow fourfold under a stream, which
 * keeps more garbage and is no faster.
 */
const semiSpaceMebibytes = 8;

const wasmPageBytes = 65_536;

/** The environment variable by which glibc is told how many arenas it may have. It is read when a process starts. */
const arenasVariable = "MALLOC_ARENA_MAX";

/**
 * Sets the process up to move Arrow data: megabytes that are allocated in one thread and freed in another.
 *
 * glibc gives each thread an arena of its own, and keeps in each what was freed; with one for all, a third less
 * memory is held. That, and the size of semi-spaces, can only be said at the start, so the process starts once more,
 * under the same id, unless the variable is set already. Where there is no glibc, or no `execve`, it goes on as it is.
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

/** Has V8 collect garbage less often, as far as that can be said while the process runs. */
export function tuneHeap(): void {
  setFlagsFromString(`--heap-growing-percent=${heapGrowingPercent}`);
}
