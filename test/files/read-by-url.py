"""Reads a dataset by its URL with one library, and prints what it finds: read-by-url.py LIBRARY URL."""

import json
import os
import sys
from pathlib import Path
from urllib.request import urlopen

library, url = sys.argv[1:]
if library == "duckdb":
    import duckdb
    import duckdb_extension_httpfs

    connection = duckdb.connect()
    extension = next(Path(duckdb_extension_httpfs.__file__).parent.rglob("*.duckdb_extension"))
    connection.execute(f"LOAD '{extension}'")
    query = f"SELECT count(*)::INT, sum(id)::BIGINT FROM read_parquet('{url}') WHERE id >= 290000"
    found = connection.sql(query).fetchone()
elif library == "polars":
    import polars

    frame = polars.scan_parquet(url).filter(polars.col("id") >= 290_000).select("id").collect()
    found = (frame.height, frame["id"].sum())
elif library == "pandas":
    import pandas

    frame = pandas.read_parquet(url, columns=["id"])
    frame = frame[frame["id"] >= 290_000]
    found = (len(frame), int(frame["id"].sum()))
elif library == "pandas-json":
    import pandas

    frame = pandas.read_json(url, lines=True)
    found = (len(frame), int(frame["id"].astype("int64").sum()))
elif library == "pandas-csv":
    import pandas

    frame = pandas.read_csv(url)
    found = (len(frame), int(frame["id"].sum()))
elif library == "polars-csv":
    import polars

    frame = polars.read_csv(urlopen(url).read())
    found = (frame.height, frame["id"].sum())
elif library == "pyarrow-stream":
    import pyarrow as pa
    import pyarrow.compute as compute

    table = pa.ipc.open_stream(urlopen(url)).read_all()
    found = (table.num_rows, compute.sum(table["id"]).as_py())
else:
    raise SystemExit(f"there is no {library} here")
print(json.dumps(found), flush=True)
# Threads that a library has started may outlive the interpreter, and abort the process where it ends.
os._exit(0)
