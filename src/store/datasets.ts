import {
  compileGlob,
  decodeTicket,
  isFolderPattern,
  nameDatasetIn,
  type Checked,
  type DatasetName,
  type DatasetTicket,
} from "../dataset/index.ts";
import { FlightError, type FlightFrame } from "../flight/index.ts";
import type { ParquetPool } from "../parquet/index.ts";
import { throwIfAborted } from "../producer/index.ts";
import type { Storage } from "../storage/index.ts";
import type { DatasetReader, DescribedDataset, OpenDataset } from "./dataset-reader.ts";
import type { FolderDataset } from "./folder/folder-dataset.ts";
import { FolderReader, type FolderRequest } from "./folder/folder-reader.ts";
import type { ReplacedFiles } from "./folder/replaced-files.ts";
import type { RunningReads } from "./folder/running-reads.ts";
import type { FolderCall } from "./folder/list-folder.ts";
import { filesOfPart, readFolder } from "./folder/read-folder.ts";
import { readPart } from "./read-part.ts";
import { readUnchanged } from "./read-unchanged.ts";
import { restartIfReplaced } from "./restart-read.ts";
import { selectPart } from "./select-part.ts";
import { assertTicketVersion } from "./ticket-version.ts";

/** The dependencies of `Datasets`. */
export interface DatasetsOptions {
  readonly storage: Storage;
  readonly pool: ParquetPool;
  readonly reader: DatasetReader;
  readonly replaced: ReplacedFiles;
  /** Notes the reads of folders. */
  readonly reads: RunningReads;
}

/** A folder that is being read. The caller closes it. */
export interface OpenFolder extends FolderDataset {
  close(): void;
}

/** Finds what a name stands for: a dataset of this name or, if the name is a pattern, a folder of datasets. */
export class Datasets {
  readonly #options: DatasetsOptions;
  readonly #folders: FolderReader;

  constructor(options: DatasetsOptions) {
    this.#options = options;
    this.#folders = new FolderReader(options);
  }

  /** Notes a put of this server. */
  noteChange(): void {
    this.#folders.noteChange();
  }

  /**
   * Describes a dataset or a folder.
   *
   * @param selection - what of it matters for the call; all of it by default
   * @throws FlightError as `DatasetReader.describe` and `FolderReader.describe`
   */
  async describe(name: DatasetName, call: FolderCall, selection?: FolderSelection): Promise<DescribedDataset> {
    const { reader } = this.#options;
    return (
      (await findOne(name, call, () => reader.describe(name))) ??
      (await this.#folders.describe(name, call, toRequest(selection)))
    );
  }

  /**
   * Opens a dataset, whose file the caller closes, or a folder.
   *
   * @param asked - what of it is read
   * @throws FlightError as `describe`
   */
  async open(name: DatasetName, call: FolderCall, asked?: FolderSelection): Promise<OpenDataset | OpenFolder> {
    const { reader, reads } = this.#options;
    const one = await findOne(name, call, () => reader.open(name));
    if (one) return one;
    const close = reads.begin(compileGlob(name));
    try {
      return { ...(await this.#folders.describe(name, call, toRequest(asked))), close };
    } catch (reason) {
      close();
      throw reason;
    }
  }

  /** Reads what a ticket stands for. @throws FlightError as `open`, `readPart` and `readFolder` */
  read(ticket: Uint8Array, call: FolderCall): AsyncGenerator<FlightFrame, void, undefined> {
    const asked = decodeTicket(ticket);
    return restartIfReplaced(() => this.#read(asked, call));
  }

  async *#read(asked: Checked<DatasetTicket>, call: FolderCall): AsyncGenerator<FlightFrame, void, undefined> {
    const { storage, pool } = this.#options;
    const { signal } = call;
    const found = await this.open(asked.dataset, call, asked);
    try {
      assertTicketVersion(asked, found.version);
      if (isFolder(found)) yield* readFolder({ storage, pool }, found, asked, signal);
      else yield* readUnchanged(found.file, readPart(pool, found, asked, signal));
    } catch (reason) {
      throwIfAborted(signal);
      throw nameDatasetIn(reason, found.name);
    } finally {
      await (isFolder(found) ? found : found.file).close();
    }
  }
}

/** What of a folder matters for a call. */
export type FolderSelection = Omit<DatasetTicket, "dataset">;

/** If rows are selected, only the files matter that have some. */
function toRequest(selection: FolderSelection | undefined): FolderRequest {
  if (selection === undefined) return {};
  const { version, filter, limit, rows } = selection;
  if (filter === undefined && limit === undefined) return { version };
  return { version, filesOf: (folder) => filesOfPart(folder, selectPart(folder.facts, selection, rows)) };
}

/** Whether what was found is a folder. */
export function isFolder(found: OpenDataset | OpenFolder): found is OpenFolder {
  return "files" in found;
}

/** Finds the dataset of a name; undefined if there is none, and the name is a pattern. */
async function findOne<T>(name: DatasetName, { mayRead }: FolderCall, find: () => Promise<T>): Promise<T | undefined> {
  if (!isFolderPattern(name)) return await find();
  // The rights on the datasets of a pattern are checked here, and not before the call.
  if (mayRead && !(await mayRead(name))) return undefined;
  try {
    return await find();
  } catch (reason) {
    if (reason instanceof FlightError && reason.code === "not_found") return undefined;
    throw reason;
  }
}
