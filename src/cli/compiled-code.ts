import module from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";

/** Returns the folder for compiled code in the user's cache folder. @throws Error if the user has no home folder */
export function compiledCodeFolder(): string {
  return join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "hangar", "compiled");
}

/** Keeps the code that this thread compiles, so that the next start is faster. */
export function keepCompiledCode(): void {
  try {
    module.enableCompileCache(compiledCodeFolder());
  } catch {
    // A user without a home folder.
  }
}
