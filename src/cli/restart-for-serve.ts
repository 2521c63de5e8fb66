import { compiledCodeFolder } from "./compiled-code.ts";
import { hasUtf8Arguments } from "./utf8-arguments.ts";

/**
 * The size of the semi-spaces of each thread, in MiB. By default, V8 lets them grow fourfold during a stream. Then they
 * hold more garbage, and are not faster.
 */
const semiSpaceMebibytes = 8;

/** The environment variable with glibc's maximum number of arenas. It is read when a process starts. */
const arenasVariable = "MALLOC_ARENA_MAX";

/**
 * Starts the process again, with the same id and with settings of memory that are read at the start of a process.
 *
 * Megabytes of Arrow data are allocated in one thread and freed in another. glibc gives each thread an arena, which
 * keeps freed memory. One arena for all threads needs a third less memory. Worker threads find the folder of compiled
 * code in the environment. Does nothing if the process has started again, and without glibc or `execve`.
 *
 * Call it before other code is loaded, because this code would be loaded twice.
 */
export function restartForServe(): void {
  if (process.platform !== "linux" || !process.execve || process.env[arenasVariable] !== undefined) return;
  // The second process would get replacements for bytes that are not UTF-8, and could not tell.
  if (!hasUtf8Arguments()) return;
  const semiSpace = `--max-semi-space-size=${semiSpaceMebibytes}`;
  const args = [process.execPath, semiSpace, ...process.execArgv, ...process.argv.slice(1)];
  const folder = compiledCodeFolder();
  const compiled = folder === undefined ? {} : { NODE_COMPILE_CACHE: folder };
  process.execve(process.execPath, args, { ...compiled, ...process.env, [arenasVariable]: "1" });
}
