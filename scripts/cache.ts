import { homedir } from "node:os";
import { join } from "node:path";

/** The folder below the user's cache folder where what tests need is kept, for all clones. */
export const cacheFolder = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "hangar");
