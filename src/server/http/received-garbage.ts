import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { receivedGarbageBytes } from "./limits.ts";

type Collect = (options: { readonly type: "minor" }) => void;

let collect: Collect | undefined;
let receivedBytes = 0;

/**
 * Counts received bytes of request bodies and of files of a bucket, and collects young garbage from time to time. V8 does not count the memory
 * of buffers as young. Without this, a transfer starts a collection of the whole heap each 20 MB, which takes more time
 * than to receive the bytes.
 */
export function countReceived(byteLength: number): void {
  receivedBytes += byteLength;
  if (receivedBytes < receivedGarbageBytes) return;
  receivedBytes = 0;
  collect ??= exposeCollect();
  collect({ type: "minor" });
}

/** Node has a flag for it, which can also be set at run time. */
function exposeCollect(): Collect {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as Collect;
}
