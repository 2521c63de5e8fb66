"""A Flight server of pyarrow that keeps what is put in memory, batch by batch, and so holds every type of Arrow.

Usage: memory-server.py FOLDER [PORT]. The folder plays no part. Prints its location once it serves.

A path names what is put; a ticket is that name, with `lz4:` or `zstd:` before it where bodies are to be compressed. An
exchange gives back what it is sent. A name that begins with `fail` fails with extra information, as C++ servers can.
"""

import sys

import pyarrow as pa
import pyarrow.flight as flight


def failure() -> flight.FlightUnavailableError:
    return flight.FlightUnavailableError("failed as it was told: 100 %", extra_info=b"\x08\x00 no status")


class MemoryServer(flight.FlightServerBase):
    def __init__(self, port: int):
        super().__init__(f"grpc://127.0.0.1:{port}")
        self.location = f"grpc://127.0.0.1:{self.port}"
        self.kept = {}

    def describe(self, name: bytes) -> flight.FlightInfo:
        schema, batches = self.kept[name]
        rows = sum(batch.num_rows for batch in batches)
        descriptor = flight.FlightDescriptor.for_path(name)
        return flight.FlightInfo(schema, descriptor, [flight.FlightEndpoint(name, [self.location])], rows, -1)

    def list_flights(self, context, criteria):
        return (self.describe(name) for name in self.kept)

    def get_flight_info(self, context, descriptor):
        return self.describe(descriptor.path[0])

    def do_put(self, context, descriptor, reader, writer):
        batches = []
        for chunk in reader:
            batches.append(chunk.data)
            if chunk.app_metadata is not None:
                writer.write(chunk.app_metadata)
        self.kept[descriptor.path[0]] = (reader.schema, batches)

    def do_get(self, context, ticket):
        codec, _, name = ticket.ticket.rpartition(b":")
        if name.startswith(b"fail"):
            raise failure()
        schema, batches = self.kept[name]
        options = pa.ipc.IpcWriteOptions(compression=codec.decode() or None)
        return flight.RecordBatchStream(pa.RecordBatchReader.from_batches(schema, batches), options=options)

    def do_exchange(self, context, descriptor, reader, writer):
        if descriptor.path == [b"fail"]:
            raise failure()
        writer.begin(reader.schema)
        for chunk in reader:
            if chunk.app_metadata is None:
                writer.write_batch(chunk.data)
            else:
                writer.write_with_metadata(chunk.data, chunk.app_metadata)


def main() -> None:
    server = MemoryServer(int(sys.argv[2]) if len(sys.argv) > 2 else 0)
    print(server.location, flush=True)
    server.serve()


if __name__ == "__main__":
    main()
