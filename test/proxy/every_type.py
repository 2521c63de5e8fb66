"""Every type of Arrow in every place, and every case of Arrow's own tests, from pyarrow through the proxy to pyarrow."""

import pyarrow as pa
import pyarrow.flight as flight

from arrow_types import LEAVES, PLACES, make_table
from cases import CASES
from checks import assert_same_table, run

CODECS = {"": None, "lz4:": "lz4", "zstd:": "zstd"}


def tables():
    yield from CASES.items()
    for type_name, leaf in LEAVES.items():
        for place_name, place in PLACES.items():
            try:
                yield f"{type_name} as {place_name}", make_table(leaf, place, f"{type_name} {place_name}")
            except (pa.ArrowException, NotImplementedError, TypeError):
                pass  # pyarrow cannot make such an array at all.


def put(client, name: str, table: pa.Table, codec: str | None) -> None:
    options = flight.FlightCallOptions(write_options=pa.ipc.IpcWriteOptions(compression=codec))
    writer, _ = client.do_put(flight.FlightDescriptor.for_path(name), table.schema, options)
    with writer:
        writer.write_table(table)


def passes(client, codec_prefix: str) -> None:
    for name, table in tables():
        put(client, name, table, CODECS[codec_prefix])
        try:
            assert_same_table(client.do_get(flight.Ticket(f"{codec_prefix}{name}")).read_all(), table)
        except Exception as error:
            raise AssertionError(f"{name}, {codec_prefix or 'plain'}") from error


def check_every_type_passes(client):
    passes(client, "")


def check_every_type_passes_compressed_by_lz4(client):
    passes(client, "lz4:")


def check_every_type_passes_compressed_by_zstd(client):
    passes(client, "zstd:")


def check_an_exchange_passes_both_ways(client):
    table = CASES["nested"]
    writer, reader = client.do_exchange(flight.FlightDescriptor.for_path("exchange"))
    with writer:
        writer.begin(table.schema)
        for i in range(20):
            writer.write_with_metadata(table.to_batches()[0], f"{i}".encode())
            chunk = reader.read_chunk()
            assert chunk.data.equals(table.to_batches()[0]) and chunk.app_metadata == f"{i}".encode()
        writer.done_writing()


def check_one_large_batch_passes_both_ways(client):
    batch = pa.record_batch({"n": pa.array(range(8_000_000), pa.int64())})
    put(client, "large", pa.Table.from_batches([batch]), None)
    assert client.do_get(flight.Ticket(b"large")).read_all().equals(pa.Table.from_batches([batch]))


def check_extra_information_of_an_error_passes(client):
    try:
        client.do_get(flight.Ticket(b"fail")).read_all()
    except flight.FlightUnavailableError as error:
        assert "failed as it was told: 100 %" in str(error), str(error)
        assert error.extra_info == b"\x08\x00 no status", error.extra_info
    else:
        raise AssertionError("it did not fail")


if __name__ == "__main__":
    run(globals())
