"""A dataset is one ordinary Parquet file: what is put is read by other tools, and what they drop in is served."""

import duckdb
import polars
import pyarrow as pa
import pyarrow.parquet as parquet

from checks import assert_equal, assert_same_table, get, listed, put, run

# Three times what one row group holds at the most in either direction is too long for a test; many batches of all
# common types are not.
rows = 300_000
table = pa.table(
    {
        "id": pa.array(range(rows), pa.int64()),
        "half": pa.array([None if i % 7 == 0 else i / 2 for i in range(rows)], pa.float64()),
        "at": pa.array([i * 1_000_003 for i in range(rows)], pa.timestamp("us")),
        "city": pa.array(["Lima", "Oslo", None, "Łódź"] * (rows // 4)),
        "key": pa.array([f"key-{i * 7919 % rows}" for i in range(rows)]),
    }
)


def check_pyarrow_reads_the_file_as_equal(client, repo):
    put(client, "for-pyarrow.parquet", table)
    assert_same_table(parquet.read_table(repo / "for-pyarrow.parquet"), table)


def check_duckdb_reads_the_file_as_equal(client, repo):
    put(client, "for-duckdb.parquet", table)
    read = duckdb.sql(f"SELECT * FROM read_parquet('{repo / 'for-duckdb.parquet'}')").to_arrow_table()
    assert_same_table(read.cast(table.schema), table)


def check_duckdb_filters_and_sums_the_file(client, repo):
    put(client, "for-sql.parquet", table)
    query = f"SELECT count(*), sum(id) FROM read_parquet('{repo / 'for-sql.parquet'}') WHERE id >= 299990"
    assert_equal(duckdb.sql(query).fetchall(), [(10, sum(range(299_990, 300_000)))])


def check_polars_reads_the_file_as_equal(client, repo):
    put(client, "for-polars.parquet", table)
    assert_same_table(polars.read_parquet(repo / "for-polars.parquet").to_arrow().cast(table.schema), table)


def check_the_bytes_told_are_those_of_the_file_or_its_footer(client, repo):
    put(client, "sized.parquet", table)
    (info,) = [each for each in client.list_flights() if each.descriptor.path[0] == b"sized.parquet"]
    footer = parquet.read_metadata(repo / "sized.parquet")
    assert info.total_bytes in ((repo / "sized.parquet").stat().st_size, footer.serialized_size)
    assert_equal(info.total_records, footer.num_rows)


def check_a_file_dropped_in_by_pyarrow_is_served(client, repo):
    parquet.write_table(table, repo / "from-pyarrow.parquet")
    assert "from-pyarrow.parquet" in listed(client)
    assert_same_table(get(client, "from-pyarrow.parquet"), table)


def check_a_file_dropped_in_by_duckdb_is_served(client, repo):
    duckdb.sql(f"COPY (SELECT range AS n FROM range(1000)) TO '{repo / 'from-duckdb.parquet'}' (FORMAT parquet)")
    assert_equal(get(client, "from-duckdb.parquet")["n"].to_pylist(), list(range(1000)))


def check_a_file_dropped_in_by_polars_is_served(client, repo):
    polars.DataFrame({"n": range(1000)}).write_parquet(repo / "from-polars.parquet")
    assert_equal(get(client, "from-polars.parquet")["n"].to_pylist(), list(range(1000)))


def check_a_file_replaced_by_another_tool_is_served_anew(client, repo):
    put(client, "swapped.parquet", table)
    parquet.write_table(table.slice(0, 10), repo / "draft")
    (repo / "draft").rename(repo / "swapped.parquet")
    assert_same_table(get(client, "swapped.parquet"), table.slice(0, 10))


run(globals())
