"""A Flight server that behaves as the cookbook's does, to calibrate the checks and to measure against.

Usage: recipe-server.py FOLDER [PORT]. Prints its location once it serves.
"""

import pyarrow.flight as flight
import pyarrow.parquet as parquet

from folder_server import FolderServer


class RecipeServer(FolderServer):
    def describe(self, name: str) -> flight.FlightInfo:
        footer = parquet.read_metadata(self.folder / name)
        return flight.FlightInfo(
            parquet.read_schema(self.folder / name),
            flight.FlightDescriptor.for_path(name.encode()),
            [flight.FlightEndpoint(name, [self.location])],
            footer.num_rows,
            footer.serialized_size,
        )

    def list_flights(self, context, criteria):
        return (self.describe(entry.name) for entry in self.folder.iterdir())

    def get_flight_info(self, context, descriptor):
        return self.describe(descriptor.path[0].decode())

    def do_put(self, context, descriptor, reader, writer):
        parquet.write_table(reader.read_all(), self.folder / descriptor.path[0].decode())

    def do_get(self, context, ticket):
        return flight.RecordBatchStream(parquet.read_table(self.folder / ticket.ticket.decode()))


if __name__ == "__main__":
    RecipeServer.main()
