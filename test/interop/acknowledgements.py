"""Application metadata on a put: each that is not empty comes back in an acknowledgement, in order."""

import pyarrow as pa
import pyarrow.flight as flight

from checks import assert_equal, assert_same_table, get, run

batch = pa.record_batch({"n": pa.array(range(1000), pa.int64())})


def start(client, name):
    return client.do_put(flight.FlightDescriptor.for_path(name), batch.schema)


def check_acknowledgements_read_one_by_one(client):
    writer, acknowledgements = start(client, "one-by-one.parquet")
    for i in range(20):
        writer.write_with_metadata(batch, f"batch {i}".encode())
        assert_equal(acknowledgements.read().to_pybytes(), f"batch {i}".encode())
    writer.close()
    assert_equal(get(client, "one-by-one.parquet").num_rows, 20_000)


def check_acknowledgements_read_at_the_end(client):
    writer, acknowledgements = start(client, "at-the-end.parquet")
    for i in range(20):
        writer.write_with_metadata(batch, f"batch {i}".encode())
    writer.done_writing()
    echoes = [acknowledgements.read().to_pybytes() for _ in range(20)]
    assert_equal(echoes, [f"batch {i}".encode() for i in range(20)])
    assert_equal(acknowledgements.read(), None)
    writer.close()


def check_acknowledgements_never_read_block_nobody(client):
    writer, _ = start(client, "never-read.parquet")
    for i in range(2000):
        writer.write_with_metadata(batch.slice(0, 10), bytes(4096))
    writer.close()
    assert_equal(get(client, "never-read.parquet").num_rows, 20_000)


def check_metadata_without_a_batch_is_acknowledged_and_stores_nothing(client):
    writer, acknowledgements = start(client, "metadata-alone.parquet")
    writer.write_metadata(b"hello")
    assert_equal(acknowledgements.read().to_pybytes(), b"hello")
    writer.write_batch(batch)
    writer.close()
    assert_same_table(get(client, "metadata-alone.parquet"), pa.Table.from_batches([batch]))


def check_batches_without_metadata_are_not_acknowledged(client):
    writer, acknowledgements = start(client, "silent.parquet")
    writer.write_batch(batch)
    writer.done_writing()
    assert_equal(acknowledgements.read(), None)
    writer.close()


run(globals())
