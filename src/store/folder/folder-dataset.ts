import type { Field } from "../../arrow/index.ts";
import type { NarrowedColumn } from "../../filter/index.ts";
import type { ParquetFacts } from "../../parquet/index.ts";
import type { DescribedDataset } from "../dataset-reader.ts";
import type { FileOfFolder } from "./list-folder.ts";

/** A folder of files that is read as one dataset. Its facts are those of all files together. */
export interface FolderDataset extends DescribedDataset {
  readonly fields: readonly Field[];
  /** The files, in the order of their rows. */
  readonly files: readonly FileInFolder[];
}

/** Returns whether a dataset is a folder of files. */
export function isFolderDataset(dataset: DescribedDataset): dataset is FolderDataset {
  return "files" in dataset;
}

/** A file of a folder, and where its rows and columns are. */
export interface FileInFolder extends FileOfFolder {
  readonly facts: ParquetFacts;
  /** The index of its first row in the folder. */
  readonly rowStart: number;
  readonly layout: FileLayout;
}

/** Where files of one schema and one partition have the columns of their folder. */
export interface FileLayout {
  /** The columns of the files. */
  readonly fields: readonly Field[];
  /** For each column of the folder. */
  readonly columns: readonly NarrowedColumn[];
  /** Whether the files have exactly the schema of the folder. */
  readonly isSame: boolean;
}
