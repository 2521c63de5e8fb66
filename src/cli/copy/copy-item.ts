import { stat } from "node:fs/promises";
import { toIpcStream } from "../../arrow/index.ts";
import { FlightError } from "../../flight/index.ts";
import { download } from "../download.ts";
import { UsageError } from "../exit-code.ts";
import { toFileError } from "../file-error.ts";
import { formatOfFile } from "../formats.ts";
import { listDatasets } from "../list-datasets.ts";
import { escapePattern } from "../name-pattern.ts";
import { showProgress } from "../progress.ts";
import { findOutputTarget } from "../output-target.ts";
import { inNewFolder } from "../write-output.ts";
import type { CopyEnd } from "./expand-source.ts";
import { openSource, type OpenSource } from "./open-source.ts";
import type { Copy } from "./plan-copies.ts";
import type { Servers } from "./servers.ts";
import { assertCopied, removeSource, stampOf } from "./verify-copy.ts";

/** How items are copied. */
export interface CopyOptions {
  readonly servers: Servers;
  readonly signal: AbortSignal;
  readonly quiet: boolean;
  /** Whether an existing destination is replaced; otherwise it is an error. */
  readonly replace: boolean;
  /** Whether the source is deleted after the copy was verified. */
  readonly move: boolean;
}

/**
 * Copies a dataset or a file, in a stream.
 *
 * @returns the number of rows
 * @throws FlightError ALREADY_EXISTS if the destination exists and is not to be replaced; Error if a moved source has
 * changed or its copy differs, after which the source is kept
 */
export async function copyItem({ from, to }: Copy, options: CopyOptions): Promise<number> {
  try {
    return await copy({ from, to }, options);
  } catch (reason) {
    // Errors of the destination are about its path already.
    throw from.kind === "file" ? toFileError(reason, from.path) : reason;
  }
}

async function copy({ from, to }: Copy, options: CopyOptions): Promise<number> {
  const { signal, move } = options;
  if (move) await assertMovable({ from, to }, options);
  const stamp = move ? await stampOf(from, signal) : "";
  await using source = await openSource(from, signal);
  if (to.kind === "file") await toFile(source, to.path, options);
  else await toDataset(source, to, options);
  if (!move) return source.seen.rowCount;
  await assertCopied(to, source.seen, signal);
  if ((await stampOf(from, signal)) !== stamp) throw new Error(`${from.shown} has changed meanwhile; kept it`);
  await removeSource(from, signal);
  return source.seen.rowCount;
}

async function toFile({ rowCount, frames }: OpenSource, path: string, options: CopyOptions): Promise<void> {
  const { signal, quiet } = options;
  if (!options.replace && (await exists(path))) throw alreadyExists(path);
  const format = formatOfFile(path, { hasFlag: false });
  await inNewFolder(path, () => download({ rowCount, frames }, { name: path, path, format, signal, quiet }));
}

async function toDataset(
  { rowCount, frames }: OpenSource,
  { call, name, shown }: Extract<CopyEnd, { kind: "dataset" }>,
  { servers, signal, quiet, replace }: CopyOptions,
): Promise<void> {
  const hasModes = !replace && (await servers.hasPutModes(call));
  if (!replace && !hasModes && (await listDatasets(call, escapePattern(name))).length > 0) throw alreadyExists(shown);
  using bar = await showProgress({ label: name, unit: "rows", total: rowCount, quiet });
  await call.client
    .put(name, toIpcStream(frames), {
      mode: hasModes ? "create" : undefined,
      rowCount,
      signal,
      onProgress: (progress) => bar.update(progress.rowCount),
    })
    .catch((reason: unknown) => {
      throw reason instanceof FlightError && reason.code === "already_exists" ? alreadyExists(shown) : reason;
    });
}

/** Refuses moves after which it would be unknown whether the copy is the source, or whether it has everything. */
async function assertMovable({ from, to }: Copy, { servers, replace }: CopyOptions): Promise<void> {
  if (to.kind === "file" && !/^(arrow|parquet)$/.test(formatOfFile(to.path, { hasFlag: false }))) {
    throw new UsageError(`${to.path} cannot keep the types of the columns; move to a Parquet or an Arrow file`);
  }
  if (to.kind === "file" && (await findOutputTarget(to.path)).kind !== "file") {
    throw new UsageError(`${to.path} is not a regular file, so the move could not be verified; use cp`);
  }
  const isAlias = from.kind === "dataset" && to.kind === "dataset" && from.name === to.name;
  if (isAlias && replace && !(await servers.hasPutModes(from.call))) {
    throw new UsageError(`${to.shown} could be ${from.shown} itself; use cp, and then rm`);
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (reason) {
    if (reason instanceof Error && "code" in reason && reason.code === "ENOENT") return false;
    throw toFileError(reason, path);
  }
}

function alreadyExists(shown: string): FlightError {
  return new FlightError("already_exists", `${shown} exists; use --replace to replace it`);
}
