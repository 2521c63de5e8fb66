"""A Flight server that behaves as the cookbook's does, to calibrate the checks and to measure against.

Usage: recipe-server.py FOLDER [PORT]. Prints its location once it serves.
"""

import sys
from pathlib import Path

import pyarrow.flight as flight
import pyarrow.parquet as parquet


class RecipeServer(flight.FlightServerBase):
    def __init__(self, folder: Path, port: int):
        super().__init__(f"grpc://127.0.0.1:{port}")
        self.folder = folder
        self.location = f"grpc://127.0.0.1:{self.port}"

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

    def list_actions(self, context):
        return [("drop_dataset", "Delete a dataset.")]

    def do_action(self, context, action):
        if action.type != "drop_dataset":
            raise NotImplementedError(action.type)
        (self.folder / action.body.to_pybytes().decode()).unlink()
        return []


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    server = RecipeServer(folder, int(sys.argv[2]) if len(sys.argv) > 2 else 0)
    print(server.location, flush=True)
    server.serve()


if __name__ == "__main__":
    main()
