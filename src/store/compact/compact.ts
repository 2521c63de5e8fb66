import {
  folderOf,
  folderPatternOf,
  parseDatasetName,
  type CheckedCompact,
  type CompactedFile,
} from "../../dataset/index.ts";
import { FlightError, quoteName, type FlightErrorCode } from "../../flight/index.ts";
import type { CallContext } from "../../producer/index.ts";
import { listFolder, readVersions, type FileOfFolder } from "../folder/list-folder.ts";
import { compactedFoldersMax } from "../limits.ts";
import { mapInOrder } from "../map-in-order.ts";
import { FolderCompactor, type CompactorOptions } from "./folder-compactor.ts";

/** Joins the small files of folders: see `FolderCompactor`. */
export class Compactor {
  readonly #options: CompactorOptions;
  readonly #folders: FolderCompactor;

  constructor(options: CompactorOptions) {
    this.#options = options;
    this.#folders = new FolderCompactor(options);
  }

  /**
   * Joins the small files of a folder and, if the command says so, of each folder in it. A file stays in its folder. A folder
   * whose files cannot be joined does not stop the others.
   *
   * @throws FlightError NOT_FOUND if the folder has no datasets; as `FolderCompactor.run`, after all folders, if some of
   * them were left
   */
  async *run(context: CallContext, command: CheckedCompact): AsyncGenerator<CompactedFile, void, undefined> {
    const { folder, isRecursive } = command;
    const pattern = isRecursive ? folderPatternOf(folder) : directPatternOf(folder);
    const files = await this.#list(context, pattern);
    if (files.length === 0) {
      const words = `the folder ${quoteName(folder)} has no datasets`;
      const hint = isRecursive ? "" : `; ${quoteName(`${folder}/**`)} also means the folders in it`;
      throw new FlightError("not_found", words + hint);
    }
    const folders = Map.groupBy(files, ({ name }) => folderOf(name));
    const left: FlightError[] = [];
    const compact = async ([each, own]: readonly [string, readonly FileOfFolder[]]): Promise<CompactedFile[]> => {
      const list = (): Promise<readonly FileOfFolder[]> => this.#list(context, directPatternOf(each));
      const joined: CompactedFile[] = [];
      try {
        for await (const file of this.#folders.run(context, { folder: each, files: own, list }, command))
          joined.push(file);
      } catch (reason) {
        if (!isOfOneFolder(reason)) throw reason;
        left.push(reason);
      }
      return joined;
    };
    for await (const joined of mapInOrder(toAsync(folders), compactedFoldersMax, compact)) yield* joined;
    if (left.length > 0) throw leftError(left, folders.size);
  }

  async #list(context: CallContext, pattern: string): Promise<readonly FileOfFolder[]> {
    const { storage } = this.#options;
    return await readVersions(storage, await listFolder(storage, parseDatasetName(pattern), context));
  }
}

/** The codes of errors that are the matter of a folder and its files, and not of the server or the call. */
const codesOfOneFolder: ReadonlySet<FlightErrorCode> = new Set([
  "invalid_argument",
  "permission_denied",
  "failed_precondition",
  "resource_exhausted",
  "aborted",
  "not_found",
  "data_loss",
  "unimplemented",
]);

function isOfOneFolder(reason: unknown): reason is FlightError {
  return reason instanceof FlightError && codesOfOneFolder.has(reason.code);
}

/** The number of folders that an error names, so that it fits into the trailers of a call. */
const namedFoldersMax = 10;

/** Returns the error of folders that were left as they are. The message of each names it. */
function leftError(left: readonly FlightError[], folderCount: number): FlightError {
  const [first] = left as readonly [FlightError, ...FlightError[]];
  if (folderCount === 1) return first;
  const reasons = left.slice(0, namedFoldersMax).map(({ message }) => message);
  const others = left.length - reasons.length;
  const more = others > 0 ? `; and ${others} more` : "";
  const words = `${left.length} of ${folderCount} folders were left as they are: ${reasons.join("; ")}${more}`;
  return new FlightError(first.code, words, { cause: first });
}

/** Returns the pattern of the datasets in a folder, without those in the folders in it. */
function directPatternOf(folder: string): string {
  return folderPatternOf(folder).slice(0, -1);
}

async function* toAsync<T>(items: Iterable<T>): AsyncGenerator<T, void, undefined> {
  yield* items;
}
