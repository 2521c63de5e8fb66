import { editDistance, FlightError } from "../flight/index.ts";
import type { ServerCall } from "./list-datasets.ts";
import { folderOfPattern, isPattern } from "./name-pattern.ts";

/** The maximum number of names that are compared, so that an error does not wait for a long list. */
const namesMax = 10_000;

/** The time to read names after an error, in milliseconds: about as long as a user waits for a message. */
const timeoutMs = 2000;

/** The maximum number of different characters of a similar name, as in Commander's suggestions. */
const distanceMax = 3;

/**
 * Runs a call for a dataset. If there is no such dataset, the error says what the caller may have meant: a folder, or a
 * similar name.
 */
export async function withSuggestion<T>(call: ServerCall, name: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (reason) {
    throw await explainMissing(call, name, reason);
  }
}

/** Returns an error about a dataset that does not exist with a suggestion, if there is one; other errors as they are. */
export async function explainMissing(call: ServerCall, name: string, reason: unknown): Promise<unknown> {
  if (!(reason instanceof FlightError)) return reason;
  if (reason.code !== "not_found" && !(reason.code === "invalid_argument" && name.endsWith("/"))) return reason;
  const suggestion = suggestName(name, await readNames(call));
  if (suggestion === undefined) return reason;
  return new FlightError(reason.code, `${reason.message}; ${suggestion}`, { cause: reason });
}

/** Reads names up to the limits; none from a server that refuses the list. */
async function readNames({ client, signal }: ServerCall): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of client.list("", {
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    })) {
      if (names.push(name) >= namesMax) break;
    }
  } catch {
    // The caller gets the first error.
  }
  return names;
}

/** Returns what a name, a folder or a pattern without a dataset may have meant; undefined if nothing is similar. */
export function suggestName(name: string, names: readonly string[]): string | undefined {
  const folder = isPattern(name) ? folderOfPattern(name) : `${name.replace(/\/+$/, "")}/`;
  if (folder !== "" && !name.includes("**") && names.some((each) => each.startsWith(folder))) {
    return isPattern(name) ? `for its subfolders too, write '${folder}**'` : `it is a folder: write '${folder}**'`;
  }
  if (isPattern(name)) return undefined;
  const similar = names.includes(`${name}.parquet`) ? `${name}.parquet` : findSimilar(name, names);
  return similar === undefined ? undefined : `did you mean ${similar}?`;
}

/** Returns the name with the fewest differences, up to the limit and to a third of its characters. */
function findSimilar(name: string, names: readonly string[]): string | undefined {
  let [best, fewest]: [string | undefined, number] = [
    undefined,
    Math.min(distanceMax, Math.floor(name.length / 3)) + 1,
  ];
  for (const each of names) {
    if (Math.abs(each.length - name.length) >= fewest) continue;
    const distance = editDistance(name.toLowerCase(), each.toLowerCase());
    if (distance < fewest) [best, fewest] = [each, distance];
  }
  return best;
}
