"""A Flight server of pyarrow with the recipe's contract, written for production, to measure against.

It streams record batches both ways, so memory stays flat and the first batch leaves early. It caches footers by the
file's identity. A put is durable: the server writes a hidden file, syncs it, renames it, and syncs the folder.

Usage: streaming-server.py FOLDER [PORT]. Prints its location once it serves.
"""

import os
from itertools import count
from pathlib import Path

import pyarrow as pa
import pyarrow.flight as flight
import pyarrow.parquet as parquet

from folder_server import FolderServer

ROW_GROUP_ROWS = 1 << 18
BATCH_ROWS = 1 << 16
READ_BUFFER_BYTES = 1 << 20


def sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write(path: Path, schema: pa.Schema, batches) -> None:
    """Writes batches, in row groups of about ROW_GROUP_ROWS; a file without rows has one empty group."""
    with parquet.ParquetWriter(path, schema) as writer:
        held, row_count, is_empty = [], 0, True
        for batch in batches:
            held.append(batch)
            row_count += batch.num_rows
            if row_count >= ROW_GROUP_ROWS:
                writer.write_table(pa.Table.from_batches(held, schema))
                held, row_count, is_empty = [], 0, False
        if held or is_empty:
            writer.write_table(pa.Table.from_batches(held, schema))


class StreamingServer(FolderServer):
    def __init__(self, folder: Path, port: int):
        super().__init__(folder, port)
        self.uploads = count()
        self.cache = {}

    def describe(self, name: str) -> flight.FlightInfo:
        path = self.folder / name
        stat = path.stat()
        version = (stat.st_ino, stat.st_size, stat.st_mtime_ns)
        cached = self.cache.get(name)
        if cached is None or cached[0] != version:
            footer = parquet.read_metadata(path)
            cached = self.cache[name] = (version, footer.schema.to_arrow_schema(), footer.num_rows)
        descriptor = flight.FlightDescriptor.for_path(name.encode())
        endpoints = [flight.FlightEndpoint(name, [self.location])]
        return flight.FlightInfo(cached[1], descriptor, endpoints, cached[2], stat.st_size)

    def list_flights(self, context, criteria):
        return (self.describe(entry.name) for entry in os.scandir(self.folder) if not entry.name.startswith("."))

    def get_flight_info(self, context, descriptor):
        return self.describe(descriptor.path[0].decode())

    def do_put(self, context, descriptor, reader, writer):
        path = self.folder / descriptor.path[0].decode()
        upload = self.folder / f".upload-{next(self.uploads)}"
        write(upload, reader.schema, (chunk.data for chunk in reader))
        sync(upload)
        upload.rename(path)
        sync(self.folder)

    def do_get(self, context, ticket):
        path = self.folder / ticket.ticket.decode()
        file = parquet.ParquetFile(path, pre_buffer=False, buffer_size=READ_BUFFER_BYTES)
        return flight.GeneratorStream(file.schema_arrow, file.iter_batches(batch_size=BATCH_ROWS))


if __name__ == "__main__":
    StreamingServer.main()
