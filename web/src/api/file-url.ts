import { createFileUrl, type FileUrlOptions } from "hangar/flight";
import { serverUrl } from "./server.ts";

/** The URL of a dataset as a file, or of what is selected of it, at the server that this page has come from. */
export function fileUrl(name: string, options: FileUrlOptions = {}): string {
  return createFileUrl(serverUrl, name, options);
}
