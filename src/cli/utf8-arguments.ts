import { isUtf8 } from "node:buffer";
import { readFileSync } from "node:fs";

/** Node shows bytes that are not UTF-8 as this character. */
const replacement = "\uFFFD";

/**
 * Returns whether all arguments of the process are UTF-8. Node replaces other bytes, and the program would take one file
 * or dataset for another. Only Linux passes such bytes; there, the arguments can be read as they are.
 */
export function hasUtf8Arguments(): boolean {
  if (process.platform !== "linux" || !process.argv.some((each) => each.includes(replacement))) return true;
  try {
    return isUtf8(readFileSync("/proc/self/cmdline"));
  } catch {
    // Without /proc, nothing is known.
    return true;
  }
}
