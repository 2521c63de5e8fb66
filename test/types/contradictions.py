"""Footers that contradict themselves: read as other readers read them, or refused by what contradicts."""

import json
from datetime import datetime, time
from decimal import Decimal

import pyarrow as pa
import pyarrow.flight as flight
import pyarrow.parquet as parquet

from checks import assert_equal, assert_raises, get, run
from raw_parquet import I32, I64, STRUCT, TRUE
from raw_parquet import chunks_of, encode_struct, read_file, read_struct, write_file

ROWS = 3000
table = pa.table(
    {
        "id": range(ROWS),
        "text": [f"row {i}" for i in range(ROWS)],
        "list": [list(range(i % 4)) for i in range(ROWS)],
        "moment": pa.array([datetime(2024, 1, 1, i % 24) for i in range(ROWS)], pa.timestamp("us")),
        "zoned": pa.array([datetime(2024, 1, 1, i % 24) for i in range(ROWS)], pa.timestamp("ms", "Europe/Berlin")),
        "time": pa.array([time(i % 24) for i in range(ROWS)], pa.time64("us")),
        "dec": pa.array([Decimal(i) / 4 for i in range(ROWS)], pa.decimal128(20, 2)),
        "wide": pa.array([Decimal(i) / 4 for i in range(ROWS)], pa.decimal256(20, 2)),
    }
)


def write(path, change, **options) -> None:
    parquet.write_table(table, path, **{"row_group_size": 1000, "use_dictionary": False, **options})
    body, footer = read_file(path)
    body = change(body, footer) or body
    write_file(path, body, footer)


def groups_of(footer) -> list[dict]:
    return footer[4][1][1]


def element_of(footer, name: str) -> dict:
    return next(element for element in footer[2][1][1] if element[4][1] == name.encode())


def chunk_of(footer, name: str, group: int = 0) -> dict:
    return next(chunk for chunk in groups_of(footer)[group][1][1][1] if chunk[3][1][3][1][1][0] == name.encode())


def refused(client, repo, change, *mentions: str) -> None:
    write(repo / "refused.parquet", change)
    for words in mentions:
        assert_raises(flight.FlightInternalError, lambda: get(client, "refused.parquet"), mentions=words)


def check_counts_of_rows_and_of_values_have_to_agree(client, repo):
    for count in (0, 999, 1001, -1, 1 << 40):
        refused(client, repo, lambda _, footer: groups_of(footer)[1].update({3: (I64, count)}), 'column "id"', "row group 1")
        refused(client, repo, lambda _, footer: chunk_of(footer, "text")[3][1].update({5: (I64, count)}), 'column "text"')
    few = lambda _, footer: chunk_of(footer, "list")[3][1].update({5: (I64, 999)})
    refused(client, repo, few, 'column "list.list.element" has 999 values for 1000 rows')


def check_chunks_have_the_type_of_the_schema(client, repo):
    refused(client, repo, lambda _, footer: chunk_of(footer, "id")[3][1].update({1: (I32, 5)}), "DOUBLE", "INT64", 'column "id"')


def check_groups_have_no_type_of_values(client, repo):
    for logical in (1, 5, 6, 12, 14):
        def change(_, footer):
            element_of(footer, "list")[10] = (STRUCT, {logical: (STRUCT, {})})

        refused(client, repo, change, 'column "list" is a group')

    def convert(_, footer):
        element_of(footer, "list").pop(10)
        element_of(footer, "list")[6] = (I32, 0)

    refused(client, repo, convert, 'column "list" is a group')


def check_levels_are_those_of_the_schema(client, repo):
    """Of a list whose items could be null when it was written, so that their levels go further."""
    for version in ("1.0", "2.0"):
        for codec in ("snappy", "none"):
            path = repo / "levels.parquet"
            parquet.write_table(table, path, compression=codec, data_page_version=version, store_schema=False)
            body, footer = read_file(path)
            element_of(footer, "element")[3] = (I32, 0)
            for chunk in chunks_of(footer):
                chunk.pop(16, None)
            write_file(path, body, footer)
            assert_raises(OSError, lambda: parquet.read_table(path), mentions="Malformed levels")
            assert_raises(flight.FlightInternalError, lambda: get(client, path.name), mentions='column "list.list.element"')


def change_index(name: str, change):
    """Changes the pages of a column's offset index, in each row group."""

    def apply(body, footer):
        for group in range(len(groups_of(footer))):
            chunk = chunk_of(footer, name, group)
            index = read_struct(body[chunk[4][1] : chunk[4][1] + chunk[5][1]])
            change(index[1][1][1])
            encoded = encode_struct(index)
            chunk[4], chunk[5] = (I64, len(body)), (I32, len(encoded))
            body += encoded
        return body

    return apply


def later(pages) -> None:
    for page in pages[1:]:
        page[3] = (I64, page[3][1] + 7)


def shifted(pages) -> None:
    for page, place in zip(pages, [dict(page) for page in pages[1:]]):
        page[1], page[2] = place[1], place[2]


def fewer(pages) -> None:
    del pages[1]


def falling(pages) -> None:
    pages[1][3], pages[2][3] = pages[2][3], pages[1][3]


def outside(pages) -> None:
    pages[-1][1] = (I64, 1 << 40)


def select(client, **command) -> pa.Table:
    descriptor = flight.FlightDescriptor.for_command(json.dumps({"dataset": "index.parquet", **command}))
    return pa.concat_tables(client.do_get(each.ticket).read_all() for each in client.get_flight_info(descriptor).endpoints)


def check_page_indexes_count_where_the_pages_agree(client, repo):
    """Rows are found by the pages' own headers, of lists by their levels."""
    for version in ("1.0", "2.0"):
        for name in ("id", "text", "list"):
            for change in (later, shifted, fewer, falling, outside):
                options = {"write_page_index": True, "data_page_size": 512, "write_batch_size": 50}
                write(repo / "index.parquet", change_index(name, change), data_page_version=version, **options)
                assert_equal(get(client, "index.parquet"), table)
                for offset in (0, 60, 777, 1999):
                    assert_equal(select(client, offset=offset, limit=9), table.slice(offset, 9))
                assert_equal(select(client, columns=[name], offset=1234, limit=5), table.select([name]).slice(1234, 5))
                assert_equal(select(client, filter="id >= 1234 and id < 1250"), table.slice(1234, 16))
                assert_equal(select(client, filter="text = 'row 1777'", columns=["list"]), table.select(["list"]).slice(1777, 1))


def check_sizes_of_row_groups_are_no_matter(client, repo):
    for size in (-1, 0, 1 << 31, 1 << 62):
        write(repo / "size.parquet", lambda _, footer: groups_of(footer)[0].update({2: (I64, size)}))
        assert_equal(get(client, "size.parquet"), table)


def logical(name: str, kind: dict | None):
    """Gives a column another logical type."""

    def change(_, footer):
        element = element_of(footer, name)
        element.pop(6, None)
        element.pop(10, None)
        element.pop(7, None)
        element.pop(8, None)
        if kind is not None:
            element[10] = (STRUCT, kind)

    return change


def instant(unit: int, utc: bool, *, fid=8) -> dict:
    return {fid: (STRUCT, {1: (TRUE, utc), 2: (STRUCT, {unit: (STRUCT, {})})})}


def check_the_arrow_schema_is_believed_as_far_as_pyarrow_believes_it(client, repo):
    changes = [logical(name, None) for name in ("text", "moment", "zoned", "time")]
    changes += [logical(name, instant(unit, utc)) for name in ("moment", "zoned") for unit in (1, 2, 3) for utc in (True, False)]
    changes += [logical("time", instant(unit, True, fid=7)) for unit in (2, 3)]
    changes += [logical("moment", {10: (STRUCT, {1: (3, 64), 2: (TRUE, True)})}), logical("text", {13: (STRUCT, {})})]
    for change in changes:
        write(repo / "hint.parquet", change)
        expected = parquet.read_table(repo / "hint.parquet")
        actual = get(client, "hint.parquet")
        assert_equal(actual.schema.types, expected.schema.types)
        assert_equal(actual, expected)


def check_decimals_have_the_scale_of_the_file(client, repo):
    for name in ("dec", "wide"):
        for scale in (0, 5):
            def change(_, footer):
                element = element_of(footer, name)
                element[7], element[10] = (I32, scale), (STRUCT, {5: (STRUCT, {1: (I32, scale), 2: (I32, 20)})})

            write(repo / "scale.parquet", change)
            expected = [None if value is None else value.scaleb(2 - scale) for value in table[name].to_pylist()]
            assert_equal(parquet.read_table(repo / "scale.parquet")[name].to_pylist(), expected)
            assert_equal(get(client, "scale.parquet")[name].to_pylist(), expected)


run(globals())
