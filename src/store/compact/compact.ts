import {
  folderOf,
  folderPatternOf,
  parseDatasetName,
  type CheckedCompact,
  type CompactedFile,
} from "../../dataset/index.ts";
import { FlightError, quoteName } from "../../flight/index.ts";
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
   * Joins the small files of a folder and, if the command says so, of each folder in it. A file stays in its folder.
   *
   * @throws FlightError NOT_FOUND if the folder has no datasets; as `FolderCompactor.run`
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
    const folders = toAsync(Map.groupBy(files, ({ name }) => folderOf(name)));
    const compact = async ([each, own]: readonly [string, readonly FileOfFolder[]]): Promise<CompactedFile[]> => {
      const list = (): Promise<readonly FileOfFolder[]> => this.#list(context, directPatternOf(each));
      const joined: CompactedFile[] = [];
      for await (const file of this.#folders.run(context, { folder: each, files: own, list }, command))
        joined.push(file);
      return joined;
    };
    for await (const joined of mapInOrder(folders, compactedFoldersMax, compact)) yield* joined;
  }

  async #list(context: CallContext, pattern: string): Promise<readonly FileOfFolder[]> {
    const { storage } = this.#options;
    return await readVersions(storage, await listFolder(storage, parseDatasetName(pattern), context));
  }
}

/** Returns the pattern of the datasets in a folder, without those in the folders in it. */
function directPatternOf(folder: string): string {
  return folderPatternOf(folder).slice(0, -1);
}

async function* toAsync<T>(items: Iterable<T>): AsyncGenerator<T, void, undefined> {
  yield* items;
}
