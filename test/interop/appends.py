"""Appends: a put with the header hangar-put-mode is one more file of the folder that its path names."""

import json
from concurrent.futures import ThreadPoolExecutor

import duckdb
import pyarrow as pa
import pyarrow.flight as flight

from checks import assert_equal, assert_raises, assert_same_table, run


def append(client, folder, table, key=None):
    """Appends a table, and returns what the last PutResult says."""
    headers = [(b"hangar-put-mode", b"append")] + ([(b"idempotency-key", key.encode())] if key else [])
    options = flight.FlightCallOptions(headers=headers)
    writer, results = client.do_put(flight.FlightDescriptor.for_path(folder), table.schema, options)
    writer.write_table(table, max_chunksize=10)
    writer.done_writing()
    told = results.read()
    # Raises the error of the call.
    writer.close()
    return json.loads(told.to_pybytes())


def read(client, name):
    return client.do_get(flight.Ticket(name.encode())).read_all()


def rows(first, count=100):
    return pa.table({"n": pa.array(range(first, first + count), pa.int64())})


def check_an_append_tells_its_name(client):
    told = append(client, "told", rows(0))
    assert_equal(told["isNew"], True)
    assert told["dataset"].startswith("told/") and told["dataset"].endswith(".parquet"), told
    assert_same_table(read(client, told["dataset"]), rows(0))


def check_a_command_appends(client):
    command = json.dumps({"dataset": "commanded", "mode": "append", "id": "first", "rowCount": 100})
    for _ in range(2):
        writer, _ = client.do_put(flight.FlightDescriptor.for_command(command), rows(0).schema)
        writer.write_table(rows(0))
        writer.close()
    assert_same_table(read(client, "commanded/first.parquet"), rows(0))


def check_a_repeated_append_of_much_data_succeeds(client):
    """The server has its answer before the client has sent everything."""
    table = pa.table({"n": pa.array(range(2_000_000), pa.int64())})
    assert_equal([append(client, "much", table, "once")["isNew"] for _ in range(2)], [True, False])
    assert_equal(read(client, "much/once.parquet").num_rows, 2_000_000)


def check_a_refused_id_stores_nothing(client):
    refused = lambda: append(client, "refused", rows(0), "../x")
    assert_raises(pa.ArrowInvalid, refused, mentions="cannot identify an append")
    assert_equal(list(client.list_flights(b"refused/*")), [])


def check_16_clients_lose_and_double_no_row(location, repo):
    """Every third append is repeated, as after a lost answer, and some clients append the same ids."""

    def append_all(number):
        with flight.connect(location) as client:
            for i in range(8):
                key = f"{number // 2}-{i}" if i % 2 == 0 else f"{number}-{i}"
                owner = number // 2 * 2 if i % 2 == 0 else number
                for _ in range(2 if i % 3 == 0 else 1):
                    append(client, "raced", rows((owner * 8 + i) * 100), key)

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(append_all, range(16)))
    counted = duckdb.sql(
        f"select count(distinct filename), count(*), count(distinct n) from read_parquet('{repo}/raced/*.parquet', filename=true)"
    )
    # 8 pairs share 4 ids each; each client has 4 of its own.
    assert_equal(counted.fetchall(), [(96, 9600, 9600)])


run(globals())
