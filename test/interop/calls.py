"""Every call that pyarrow's client has, where the cookbook's server and Hangar answer alike."""

import pyarrow as pa
import pyarrow.flight as flight

from checks import assert_equal, assert_same_table, drop, get, listed, put, run

characters = pa.table({"Character": ["Mario", "Luigi", "Peach"]})
# 20 batches as checks.put cuts them, so that a get takes many messages.
numbers = pa.table({"n": pa.array(range(20 << 16), pa.int64())})


def check_waits_for_the_server(client):
    client.wait_for_available(timeout=60)


def check_a_dataset_put_is_listed_once(client):
    put(client, "listed.parquet", characters)
    put(client, "listed.parquet", characters)
    assert_equal(listed(client), {"listed.parquet"})


def check_a_flight_tells_rows_bytes_schema_and_where(client):
    put(client, "told.parquet", characters)
    info = client.get_flight_info(flight.FlightDescriptor.for_path("told.parquet"))
    assert_equal(info.total_records, 3)
    assert info.total_bytes > 0
    assert_equal(info.schema, characters.schema)
    assert_equal(info.descriptor, flight.FlightDescriptor.for_path("told.parquet"))
    assert_equal(len(info.endpoints), 1)
    assert_equal(info.endpoints[0].ticket, flight.Ticket(b"told.parquet"))


def check_the_location_of_a_flight_can_be_connected_to(client):
    put(client, "located.parquet", characters)
    endpoint = client.get_flight_info(flight.FlightDescriptor.for_path("located.parquet")).endpoints[0]
    with flight.connect(endpoint.locations[0]) as other:
        assert_same_table(other.do_get(endpoint.ticket).read_all(), characters)


def check_a_ticket_is_the_name(client):
    put(client, "ticket.parquet", characters)
    assert_same_table(client.do_get(flight.Ticket(b"ticket.parquet")).read_all(), characters)


def check_a_put_in_batches_is_got_as_equal(client):
    put(client, "batches.parquet", numbers)
    assert_same_table(get(client, "batches.parquet"), numbers)


def check_a_put_of_one_single_batch_is_got_as_equal(client):
    writer, _ = client.do_put(flight.FlightDescriptor.for_path("single.parquet"), numbers.schema)
    with writer:
        writer.write_batch(numbers.combine_chunks().to_batches()[0])
    assert_same_table(get(client, "single.parquet"), numbers)


def check_a_put_of_sliced_batches_stores_the_slices(client):
    slices = pa.table({"n": numbers["n"].slice(11, 1000), "s": pa.array(map(str, range(2000))).slice(7, 1000)})
    put(client, "slices.parquet", slices)
    assert_same_table(get(client, "slices.parquet"), slices)


def check_zero_rows_in_one_batch(client):
    put(client, "no-rows.parquet", characters.slice(0, 0))
    assert_same_table(get(client, "no-rows.parquet"), characters.slice(0, 0))


def check_zero_batches(client):
    writer, _ = client.do_put(flight.FlightDescriptor.for_path("no-batches.parquet"), characters.schema)
    writer.close()
    assert_same_table(get(client, "no-batches.parquet"), characters.slice(0, 0))


def check_empty_batches_between_full_ones(client):
    writer, _ = client.do_put(flight.FlightDescriptor.for_path("gaps.parquet"), characters.schema)
    batch = characters.to_batches()[0]
    with writer:
        for each in (batch.slice(0, 0), batch, batch.slice(0, 0), batch, batch.slice(0, 0)):
            writer.write_batch(each)
    assert_same_table(get(client, "gaps.parquet"), pa.concat_tables([characters, characters]))


def check_a_put_replaces(client):
    put(client, "replaced.parquet", numbers)
    put(client, "replaced.parquet", characters)
    assert_same_table(get(client, "replaced.parquet"), characters)


def check_a_get_in_chunks(client):
    put(client, "chunks.parquet", numbers)
    reader = client.do_get(flight.Ticket(b"chunks.parquet"))
    assert_equal(reader.schema, numbers.schema)
    rows = 0
    while True:
        try:
            chunk = reader.read_chunk()
        except StopIteration:
            break
        rows += chunk.data.num_rows
    assert_equal(rows, numbers.num_rows)


def check_a_get_as_a_record_batch_reader(client):
    put(client, "reader.parquet", numbers)
    reader = client.do_get(flight.Ticket(b"reader.parquet")).to_reader()
    assert_same_table(reader.read_all(), numbers)


def check_a_get_as_pandas(client):
    put(client, "pandas.parquet", characters)
    frame = client.do_get(flight.Ticket(b"pandas.parquet")).read_pandas()
    assert_equal(frame["Character"].tolist(), ["Mario", "Luigi", "Peach"])


def check_a_get_cancelled_mid_way_leaves_the_connection_usable(client):
    put(client, "cancelled.parquet", numbers)
    reader = client.do_get(flight.Ticket(b"cancelled.parquet"))
    reader.read_chunk()
    reader.cancel()
    assert_same_table(get(client, "cancelled.parquet"), numbers)


def check_a_drop_removes_the_dataset(client):
    put(client, "dropped.parquet", characters)
    drop(client, "dropped.parquet")
    assert "dropped.parquet" not in listed(client)


def check_a_drop_needs_no_reading_of_its_results(client):
    put(client, "unread.parquet", characters)
    client.do_action(flight.Action("drop_dataset", b"unread.parquet"))
    assert "unread.parquet" not in listed(client)


def check_actions_are_listed(client):
    assert "drop_dataset" in {action.type for action in client.list_actions()}


run(globals())
