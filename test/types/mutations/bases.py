"""The files that are mutated: small ones of several writers, with many types, pages and row groups."""

import datetime as dt
from decimal import Decimal

import duckdb
import polars
import pyarrow as pa
import pyarrow.parquet as parquet

ROWS = 60


def _some(make, null_every=7):
    return [None if i % null_every == 3 else make(i) for i in range(ROWS)]


TABLE = pa.table(
    {
        "id": pa.array(range(ROWS), pa.int32()),
        "u64": pa.array(_some(lambda i: i * 2**58), pa.uint64()),
        "i8": pa.array(_some(lambda i: i - 30), pa.int8()),
        "dec": pa.array(_some(lambda i: Decimal(i - 30) / 4), pa.decimal128(20, 2)),
        "small_dec": pa.array(_some(lambda i: Decimal(i - 30)), pa.decimal128(7, 0)),
        "f64": pa.array(_some(lambda i: i / 8)),
        "text": pa.array(_some(lambda i: f"row {i:03}")),
        "bytes": pa.array(_some(lambda i: bytes([i, 255 - i]))),
        "date": pa.array(_some(lambda i: dt.date(2024, 1, 1) + dt.timedelta(i))),
        "moment": pa.array(_some(lambda i: dt.datetime(2024, 1, 1, i % 24)), pa.timestamp("us")),
        "time": pa.array(_some(lambda i: dt.time(i % 24, 1)), pa.time64("us")),
        "flag": pa.array(_some(lambda i: i % 2 == 0)),
        "nulls": pa.array([None] * ROWS, pa.int64()),
        "list": pa.array(_some(lambda i: list(range(i % 4)))),
        "struct": pa.array(_some(lambda i: {"a": i, "b": str(i)})),
    }
)


def write_bases(folder):
    """Writes them; gives their paths."""
    paths = []

    def place(name):
        paths.append(folder / f"{name}.parquet")
        return paths[-1]

    rows = {"row_group_size": 30, "data_page_size": 64, "write_batch_size": 10, "use_dictionary": False}
    parquet.write_table(TABLE, place("pages"), write_page_index=True, **rows)
    parquet.write_table(TABLE, place("dictionary"), compression="none", store_schema=False)
    parquet.write_table(TABLE, place("version1"), version="1.0", data_page_version="2.0", store_schema=False)
    duckdb.from_arrow(TABLE).write_parquet(str(place("duckdb")))
    polars.from_arrow(TABLE).write_parquet(place("polars"), row_group_size=30)
    return paths
