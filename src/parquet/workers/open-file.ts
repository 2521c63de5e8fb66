import type { StoredFile } from "../../storage/index.ts";
import type { OpenFile } from "./worker-protocol.ts";

/**
 * Returns the description of an open file for workers. All open files of one version have the same id.
 *
 * @param shownSchema - as in `OpenFile`
 */
export function toOpenFile(file: StoredFile, shownSchema?: Uint8Array): OpenFile {
  const { id, byteLength } = file.version;
  return { id: `${id} ${byteLength}`, fd: file.fd, byteLength, ...(shownSchema && { shownSchema }) };
}
