import { datasetPath, isFolderPattern, type DatasetName } from "../../dataset/index.ts";
import { fileFormats, type FileFormat } from "./formats.ts";

/**
 * Returns the header with the file name for a download: in ASCII for clients such as curl, and in UTF-8. Source: RFC
 * 6266, appendix D.
 */
export function contentDispositionOf(name: DatasetName, format: FileFormat): string {
  // A folder's file has the name of the folder.
  const last = datasetPath(name).findLast((segment) => !isFolderPattern(segment)) ?? "datasets";
  const { extension } = fileFormats[format];
  const fileName = last.endsWith(`.${extension}`) ? last : `${last.replace(/\.parquet$/, "")}.${extension}`;
  const kind = format === "ndjson" || format === "csv" || format === "json" ? "inline" : "attachment";
  const encoded = encodeURIComponent(fileName).replace(/['()*]/g, percentEncode);
  return `${kind}; filename="${toAscii(fileName)}"; filename*=UTF-8''${encoded}`;
}

/**
 * Replaces other characters. A quote and a backslash would need escapes, and only some clients decode a percent sign.
 */
function toAscii(text: string): string {
  const letters = text.normalize("NFD").replace(/\p{Mn}/gu, "");
  return letters.replace(/[^\x20-\x7e]|["\\%]/gu, "_");
}

function percentEncode(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
