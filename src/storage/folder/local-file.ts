import { open } from "node:fs/promises";
import type { Scratch, StoredFile } from "../storage.ts";
import { HandleFile } from "./disk.ts";
import { FolderFile } from "./folder-file.ts";
import { UnnamedFile } from "./unnamed-file.ts";

/** Opens a file by its path, without a storage. @throws the system's error */
export async function openLocalFile(path: string): Promise<StoredFile> {
  const file = await open(path);
  try {
    return new FolderFile(new HandleFile(file), await file.stat({ bigint: true }));
  } catch (reason) {
    await file.close();
    throw reason;
  }
}

/** Creates a file; fails if it exists. `discard` removes it. @throws the system's error */
export async function createLocalFile(path: string): Promise<Scratch> {
  return new UnnamedFile(new HandleFile(await open(path, "wx+")), path);
}
