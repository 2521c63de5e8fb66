import { ensurePython } from "../../scripts/python.ts";
import { startChild } from "./child.ts";

const program = `
import sys
import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
numbers = pa.array(np.arange(int(sys.argv[2])))
table = pa.table({"n": numbers, "text": numbers.cast(pa.string())})
parquet.write_table(table, sys.argv[1], row_group_size=1 << 16)
`;

/** Has pyarrow write a Parquet file: the columns `n`, from 0, and `text`, in row groups of 64 Ki rows. */
export async function writeFixture(path: string, rowCount: number): Promise<void> {
  await using child = startChild(await ensurePython(), ["-c", program, path, String(rowCount)]);
  const { exitCode } = await child.exit();
  if (exitCode !== 0) throw new Error(`pyarrow could not write a fixture: ${child.output()}`);
}
