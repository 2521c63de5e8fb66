"""What the Flight servers of pyarrow that tests and bench measure against have in common."""

import sys
from pathlib import Path

import pyarrow.flight as flight


class FolderServer(flight.FlightServerBase):
    """Serves the files of a folder on 127.0.0.1. Each of its classes reads and writes them its own way."""

    def __init__(self, folder: Path, port: int):
        super().__init__(f"grpc://127.0.0.1:{port}")
        self.folder = folder
        self.location = f"grpc://127.0.0.1:{self.port}"

    def list_actions(self, context):
        return [("drop_dataset", "Delete a dataset.")]

    def do_action(self, context, action):
        if action.type != "drop_dataset":
            raise NotImplementedError(action.type)
        (self.folder / action.body.to_pybytes().decode()).unlink()
        return []

    @classmethod
    def main(cls) -> None:
        """Serves the folder of the first argument on the port of the second, or on any. Prints its location."""
        folder = Path(sys.argv[1])
        folder.mkdir(parents=True, exist_ok=True)
        server = cls(folder, int(sys.argv[2]) if len(sys.argv) > 2 else 0)
        print(server.location, flush=True)
        server.serve()
