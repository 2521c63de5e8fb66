import { setFlagsFromString } from "node:v8";
import { wasmMemoryBytesMax } from "../parquet/index.ts";
import { tuneHeap } from "./tune-heap.ts";

const wasmPageBytes = 65_536;

/** Configures a server's process for Arrow data. `restartForServe` has the settings that are read at its start. */
export function tuneMemory(): void {
  tuneHeap();
  setFlagsFromString(`--wasm-max-mem-pages=${wasmMemoryBytesMax / wasmPageBytes}`);
}
