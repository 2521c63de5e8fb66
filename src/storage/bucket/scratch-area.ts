import { randomUUID } from "node:crypto";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Scratch } from "../storage.ts";
import { HandleFile } from "../folder/disk.ts";
import { toStorageError } from "../folder/system-error.ts";
import { UnnamedFile } from "../folder/unnamed-file.ts";

/** Temporary files in this machine's temporary folder. They have no name, so they end with the process. */
export class ScratchArea {
  #folder: Promise<string> | undefined;

  /** Creates a file. Closing the reopened file deletes it. */
  async create(): Promise<Scratch> {
    try {
      this.#folder ??= mkdtemp(join(tmpdir(), "hangar-"));
      const path = join(await this.#folder, randomUUID());
      const file = new UnnamedFile(new HandleFile(await open(path, "wx+")), path);
      await rm(path);
      return file;
    } catch (reason) {
      throw toStorageError(reason, "put");
    }
  }

  /** Removes the folder. */
  async close(): Promise<void> {
    if (this.#folder) await rm(await this.#folder, { recursive: true, force: true });
  }
}
