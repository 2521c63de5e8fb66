"""Writes a table as a Parquet file of several row groups, and as an Arrow stream: make.py FOLDER."""

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet

folder = Path(sys.argv[1])
rows = 300_000
random = np.random.default_rng(5)
table = pa.table(
    {
        "id": pa.array(np.arange(rows)),
        "city": pa.array(np.array(["Lima", "Oslo", "Łódź"])[random.integers(0, 3, rows)]),
        "key": pa.array(random.integers(0, 1 << 62, rows)).cast(pa.string()),
        "fare": pa.array(random.random(rows) * 100),
    }
)
parquet.write_table(table, folder / "table.parquet", row_group_size=50_000)
with pa.ipc.new_stream(folder / "table.arrows", table.schema) as writer:
    writer.write_table(table, max_chunksize=50_000)
with pa.ipc.new_file(folder / "table.arrow", table.schema) as writer:
    writer.write_table(table)
