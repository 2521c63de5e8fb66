import { FlightError, quoteName } from "../flight/index.ts";
import { type DatasetName } from "./dataset-name.ts";

/**
 * Returns whether a name may stand for all datasets that match it, such as `sales/**`: it has a `*`. A dataset that has
 * this very name comes first. The syntax is that of `compileGlob`.
 */
export function isFolderPattern(name: string): boolean {
  return name.includes("*");
}

/** Returns the pattern that matches all datasets of a folder, at any depth. @param folder - without `/` at its end */
export function folderPatternOf(folder: string): string {
  return folder === "" ? "**" : `${folder.replaceAll(/[*?[{]/g, "[$&]")}/**`;
}

/** Returns the start of a pattern that has no wildcard. Every name that matches the pattern starts with it. */
export function fixedPrefixOf(pattern: string): string {
  const end = pattern.search(/[*?[{]/);
  return end === -1 ? pattern : pattern.slice(0, end);
}

/**
 * Asserts that a name is the name of one dataset.
 *
 * @throws FlightError INVALID_ARGUMENT if it is a pattern
 */
export function assertNoFolderPattern(name: DatasetName): void {
  if (!isFolderPattern(name)) return;
  const words = `${quoteName(name)} is a pattern, which can only be read; write the name of one dataset, without "*"`;
  throw new FlightError("invalid_argument", words, { dataset: name });
}
