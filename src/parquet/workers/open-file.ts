import type { StoredFile } from "../../storage/index.ts";
import type { OpenFile } from "./worker-protocol.ts";

const ids = new WeakMap<StoredFile, number>();
let idCount = 0;

/** Returns the description of an open file for workers. @param shownSchema - as in `OpenFile` */
export function toOpenFile(file: StoredFile, shownSchema?: Uint8Array): OpenFile {
  const id = ids.get(file) ?? idCount++;
  ids.set(file, id);
  return { id, fd: file.fd, byteLength: file.version.byteLength, ...(shownSchema && { shownSchema }) };
}
