import { createFileUrl, type FileUrlOptions } from "hangar/flight";

/** The URL of a dataset as a file, or of what is selected of it, at the server that this page has come from. */
export function fileUrl(name: string, options: FileUrlOptions = {}): string {
  return createFileUrl(new URL(location.origin), name, options);
}
