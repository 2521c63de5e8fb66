"""Errors reach pyarrow's users as the exceptions they know, and name the dataset, never a path of the server."""

import pyarrow as pa
import pyarrow.flight as flight

from checks import assert_raises, assert_same_table, drop, get, listed, put, run

characters = pa.table({"Character": ["Mario", "Luigi", "Peach"]})
missing = flight.FlightDescriptor.for_path("missing.parquet")


def check_a_flight_of_no_dataset_is_a_key_error(client):
    assert_raises(KeyError, lambda: client.get_flight_info(missing), mentions="missing.parquet")


def check_a_schema_of_no_dataset_is_a_key_error(client):
    assert_raises(KeyError, lambda: client.get_schema(missing), mentions="missing.parquet")


def check_a_get_of_no_dataset_is_a_key_error(client):
    assert_raises(KeyError, lambda: client.do_get(flight.Ticket(b"missing.parquet")).read_all(), mentions="missing")


def check_a_drop_of_no_dataset_is_a_key_error(client):
    assert_raises(KeyError, lambda: drop(client, "missing.parquet"), mentions="missing.parquet")


def check_names_that_leave_the_folder_are_invalid_everywhere(client, repo):
    outside = repo.parent / "outside.parquet"
    for name in ("../outside.parquet", "..", ".", "", ".hidden", "a//b", "nul\0", "back\\slash", "line\nbreak"):
        descriptor = flight.FlightDescriptor.for_path(name)
        assert_raises(pa.ArrowInvalid, lambda: client.get_flight_info(descriptor))
        assert_raises(pa.ArrowInvalid, lambda: client.do_get(flight.Ticket(name.encode())).read_all())
        assert_raises(pa.ArrowInvalid, lambda: put(client, name, characters))
        assert_raises(pa.ArrowInvalid, lambda: drop(client, name))
        assert not outside.exists(), name


def check_a_name_that_is_not_utf_8_is_an_error(client):
    # A ticket is bytes; a path is text, and protobuf does not let other bytes in at all.
    assert_raises(pa.ArrowInvalid, lambda: client.do_get(flight.Ticket(b"\xff\xfe")).read_all())
    path = flight.FlightDescriptor.for_path(b"\xff\xfe")
    assert_raises((pa.ArrowInvalid, flight.FlightInternalError), lambda: client.get_flight_info(path))


def check_a_name_of_256_bytes_is_invalid_and_of_255_is_not(client):
    assert_raises(pa.ArrowInvalid, lambda: put(client, "n" * 256, characters))
    put(client, "n" * 255, characters)
    assert_same_table(get(client, "n" * 255), characters)
    drop(client, "n" * 255)


def check_a_descriptor_without_a_path_is_invalid(client):
    assert_raises(pa.ArrowInvalid, lambda: client.get_flight_info(flight.FlightDescriptor.for_path()))


def check_a_host_that_is_not_allowed_is_unauthorized_and_says_how_to_allow_it(location):
    options = [("grpc.default_authority", "hangar:8815")]
    with flight.connect(location, generic_options=options) as client:
        words = "does not accept the host hangar; allow it with --allowed-host"
        for call in (
            lambda: client.get_flight_info(missing),
            lambda: list(client.list_flights()),
            lambda: client.do_get(flight.Ticket(b"a")).read_all(),
            lambda: put(client, "a", characters),
        ):
            assert_raises(flight.FlightUnauthorizedError, call, mentions=words)


def check_headers_beyond_64_KiB_are_a_capacity_error(client):
    options = flight.FlightCallOptions(headers=[(b"x-%d" % i, b"v" * 30_000) for i in range(3)])
    assert_raises(pa.ArrowCapacityError, lambda: client.get_flight_info(missing, options), mentions="65536")


def check_an_unknown_action_is_not_implemented(client):
    assert_raises(pa.ArrowNotImplementedError, lambda: list(client.do_action("levitate")), mentions="levitate")


def check_an_exchange_with_the_store_is_not_implemented(client):
    def exchange():
        writer, reader = client.do_exchange(missing)
        with writer:
            writer.begin(characters.schema)
            writer.write_table(characters)
            writer.done_writing()
            reader.read_all()

    assert_raises(pa.ArrowNotImplementedError, exchange)


def check_a_handshake_is_answered_without_hanging(client):
    assert_raises(
        (pa.ArrowNotImplementedError, flight.FlightUnauthenticatedError),
        lambda: client.authenticate_basic_token("user", "password", flight.FlightCallOptions(timeout=60)),
    )


def check_a_column_that_parquet_cannot_hold_is_invalid_and_named(client):
    union = pa.UnionArray.from_sparse(pa.array([0, 1], pa.int8()), [pa.array([1, 2]), pa.array(["a", "b"])])
    table = pa.table({"odd one": union})
    assert_raises(pa.ArrowInvalid, lambda: put(client, "union.parquet", table), mentions="odd one")
    assert "union.parquet" not in listed(client)


def check_no_message_names_the_folder(client, repo):
    for act in (
        lambda: client.get_flight_info(missing),
        lambda: client.do_get(flight.Ticket(b"missing.parquet")),
        lambda: drop(client, "missing.parquet"),
        lambda: drop(client, "../missing.parquet"),
    ):
        try:
            act()
        except Exception as error:
            assert str(repo) not in str(error) and "/tmp" not in str(error), error
        else:
            raise AssertionError("no error at all")


run(globals())
