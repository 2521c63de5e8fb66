import { readFile } from "node:fs/promises";
import { toFileError } from "./file-error.ts";

/** Reads the file that a flag names. Throws an Error with the flag and the path if it cannot be read. */
export async function readFlagFile(flag: string, path: string): Promise<Buffer> {
  return await readFile(path).catch((reason: unknown) => {
    throw toFileError(reason, `${flag} ${path}`);
  });
}
