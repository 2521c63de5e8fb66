"""Calls that only a producer of one's own answers: exchange and handshake, both with data flowing in two directions."""

import pyarrow as pa
import pyarrow.flight as flight

from checks import assert_equal, assert_raises, assert_same_table, get, listed, put, run

batch = pa.record_batch({"n": pa.array(range(10_000), pa.int64()), "s": pa.array(map(str, range(10_000)))})
echo = flight.FlightDescriptor.for_command(b"echo")


def check_an_exchange_in_lock_step(client):
    writer, reader = client.do_exchange(echo)
    with writer:
        writer.begin(batch.schema)
        for i in range(50):
            writer.write_with_metadata(batch.slice(i), f"{i}".encode())
            chunk = reader.read_chunk()
            assert_equal(chunk.app_metadata.to_pybytes(), f"{i}".encode())
            assert chunk.data.equals(batch.slice(i))
        writer.done_writing()
        assert_raises(StopIteration, reader.read_chunk)


def check_an_exchange_of_metadata_alone(client):
    writer, reader = client.do_exchange(echo)
    with writer:
        writer.write_metadata(b"hello")
        chunk = reader.read_chunk()
        assert_equal(chunk.data, None)
        assert_equal(chunk.app_metadata.to_pybytes(), b"hello")
        writer.done_writing()


def check_an_exchange_of_dictionaries(client):
    table = pa.table({"colour": pa.array(["red", None, "green", "red"]).dictionary_encode()})
    writer, reader = client.do_exchange(echo)
    with writer:
        writer.begin(table.schema)
        writer.write_table(table)
        writer.done_writing()
        assert_same_table(reader.read_all(), table)


def check_an_exchange_that_the_client_cancels(client):
    writer, reader = client.do_exchange(echo)
    writer.begin(batch.schema)
    writer.write_batch(batch)
    reader.read_chunk()
    reader.cancel()
    put(client, "after-cancel", pa.Table.from_batches([batch]))
    assert_equal(get(client, "after-cancel").num_rows, 10_000)


def check_two_exchanges_on_one_connection_do_not_wait_for_each_other(client):
    first_writer, first_reader = client.do_exchange(echo)
    second_writer, second_reader = client.do_exchange(echo)
    with first_writer, second_writer:
        first_writer.begin(batch.schema)
        second_writer.begin(batch.schema)
        second_writer.write_batch(batch)
        assert second_reader.read_chunk().data.equals(batch)
        first_writer.write_batch(batch)
        assert first_reader.read_chunk().data.equals(batch)
        first_writer.done_writing()
        second_writer.done_writing()


class Greeting(flight.ClientAuthHandler):
    """Says hello in two rounds, and keeps the answer as its token."""

    def __init__(self):
        super().__init__()
        self.rounds = []

    def authenticate(self, outgoing, incoming):
        for word in (b"hello", b"again"):
            outgoing.write(word)
            self.rounds.append(incoming.read())

    def get_token(self):
        return self.rounds[-1]


def check_a_handshake_in_two_rounds(client):
    greeting = Greeting()
    client.authenticate(greeting, flight.FlightCallOptions(timeout=60))
    assert_equal(greeting.rounds, [b"hello", b"again"])


def check_a_schema_alone(client):
    put(client, "schema", pa.Table.from_batches([batch]))
    assert_equal(client.get_schema(flight.FlightDescriptor.for_path("schema")).schema, batch.schema)


def check_criteria_choose_what_is_listed(client):
    for name in ("apple", "apricot", "banana"):
        put(client, name, pa.Table.from_batches([batch]))
    assert_equal(listed(client, b"ap*"), {"apple", "apricot"})
    assert_equal(listed(client, b"nothing*"), set())


def check_a_deadline_ends_a_call(client):
    writer, reader = client.do_exchange(echo, flight.FlightCallOptions(timeout=5))
    writer.begin(batch.schema)
    assert_raises(flight.FlightTimedOutError, reader.read_all)
    assert_equal(listed(client, b"nothing*"), set())


run(globals())
