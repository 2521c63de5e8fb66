"""polars and fsspec read datasets by URL: `by_url.py HOST PORT`."""

import io
import sys
import urllib.request

import fsspec
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from report import raised, report

host, port = sys.argv[1:3]
base = f"http://{host}:{port}/datasets"
url = f"{base}/python.parquet"
table = pa.table({"n": [1, None, 3], "s": ["a", "ß", None]})
frame = pl.from_arrow(table)

file = io.BytesIO()
pq.write_table(table, file)
request = urllib.request.Request(url, data=file.getvalue(), method="PUT", headers={"content-type": "application/vnd.apache.parquet"})
urllib.request.urlopen(request).close()


def scan_parquet():
    assert pl.scan_parquet(url).collect().equals(frame)
    assert pl.scan_parquet(url).filter(pl.col("n") > 1).select("s").collect().to_dict(as_series=False) == {"s": [None]}


def read_csv():
    with fsspec.open(f"{url}?format=csv", "rb") as opened:
        assert pl.read_csv(opened).equals(frame)


def read_ndjson():
    with fsspec.open(f"{url}?format=ndjson", "rb") as opened:
        # 64-bit integers are strings there: docs/rows.md.
        assert pl.read_ndjson(opened).equals(frame.with_columns(pl.col("n").cast(pl.String)))


def polars_missing():
    assert "404" in raised(lambda: pl.scan_parquet(f"{base}/nowhere").collect())


def fsspec_ranges():
    with fsspec.open(url, "rb", block_size=64) as opened:
        assert opened.size == len(file.getvalue()), opened.size
        opened.seek(-4, 2)
        assert opened.read() == b"PAR1"
        assert pq.read_table(opened).equals(table)


def fsspec_missing():
    def read():
        with fsspec.open(f"{base}/nowhere", "rb") as opened:
            opened.read()

    raised(read)
    assert not fsspec.filesystem("http").exists(f"{base}/nowhere")
    assert fsspec.filesystem("http").exists(url)


report(
    polars_scan_parquet=scan_parquet,
    polars_read_csv=read_csv,
    polars_read_ndjson=read_ndjson,
    polars_missing_dataset=polars_missing,
    fsspec_ranges=fsspec_ranges,
    fsspec_missing_dataset=fsspec_missing,
)
