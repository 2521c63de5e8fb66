import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { FlightError } from "../../flight/index.ts";
import type { ClientCall } from "../client-call.ts";
import { UsageError } from "../exit-code.ts";
import { toFileError } from "../file-error.ts";
import { listDatasets, resolveNames } from "../list-datasets.ts";
import { escapePattern, folderOfPattern, isPattern } from "../name-pattern.ts";
import { toDatasetName, walkFolder } from "../walk-folder.ts";
import type { Place } from "./place.ts";

/** One end of a copy. */
export type CopyEnd =
  | { readonly kind: "file"; readonly path: string; readonly shown: string }
  | { readonly kind: "dataset"; readonly call: ClientCall; readonly name: string; readonly shown: string };

/** The items of a source. */
export interface ExpandedSource {
  /** Whether the source is a folder or a pattern, which can have any number of items. */
  readonly isMany: boolean;
  readonly items: readonly SourceItem[];
}

/** A dataset or a file to copy. */
export interface SourceItem {
  readonly end: CopyEnd;
  /** The name of the dataset below a folder. */
  readonly relativeName: string;
}

/**
 * Finds the datasets or files of a source. A folder ends with `/`; its items are those in it and below.
 *
 * @throws FlightError NOT_FOUND if a folder or a pattern has no dataset; Error if a local path cannot be read
 */
export async function expandSource(
  place: Place,
  callOf: (server: string | undefined) => ClientCall,
): Promise<ExpandedSource> {
  if (place.kind === "local") return await expandLocal(place.path);
  const call = callOf(place.server);
  const { server, name } = place;
  const toItem = (found: string, folder: string): SourceItem => ({
    end: { kind: "dataset", call, name: found, shown: server === undefined ? found : `${server}/${found}` },
    relativeName: found.slice(folder.length),
  });
  if (name === "" || name.endsWith("/")) {
    const found = await listDatasets(call, `${escapePattern(name)}**`);
    if (found.length === 0) throw new FlightError("not_found", `the folder ${JSON.stringify(name)} has no datasets`);
    return { isMany: true, items: found.map((each) => toItem(each.name, name)) };
  }
  if (!isPattern(name)) return { isMany: false, items: [toItem(name, name.slice(0, name.lastIndexOf("/") + 1))] };
  const found = await resolveNames(call, [name]);
  const isLiteral = found.length === 1 && found[0] === name;
  const folder = isLiteral ? name.slice(0, name.lastIndexOf("/") + 1) : folderOfPattern(name);
  return { isMany: !isLiteral, items: found.map((each) => toItem(each, folder)) };
}

async function expandLocal(path: string): Promise<ExpandedSource> {
  const toItem = (file: string, relativeName: string): SourceItem => ({
    end: { kind: "file", path: file, shown: file },
    relativeName,
  });
  const stats = await stat(path).catch((reason: unknown) => {
    throw toFileError(reason, path);
  });
  if (!stats.isDirectory()) return { isMany: false, items: [toItem(path, toDatasetName(basename(path)))] };
  if (!path.endsWith("/")) throw new UsageError(`${path} is a folder; for all files in it, write ${path}/`);
  const files = await walkFolder(path);
  if (files.length === 0) throw new UsageError(`${path} has no Parquet or Arrow files`);
  return { isMany: true, items: files.map((file) => toItem(file.path, file.name)) };
}
