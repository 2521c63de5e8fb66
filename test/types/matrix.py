"""What becomes of every type in every place: see outcomes.py."""

import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.flight as flight

from arrow_types import LEAVES, PLACES, make_table
from outcomes import report


def leaf_of(type: pa.DataType) -> pa.DataType:
    """The type inside a list, a struct or a map; a dictionary is told as it is."""
    if pa.types.is_map(type):
        return type.item_type
    if pa.types.is_struct(type):
        return type.field(0).type
    return leaf_of(type.value_type) if pa.types.is_nested(type) else type


location, repo = sys.argv[1], Path(sys.argv[2])
with flight.connect(location) as client:
    for type, leaf in LEAVES.items():
        for name, place in PLACES.items():
            table = make_table(leaf, place, f"{type} in {name}")
            report(client, repo, {"type": type, "place": name}, table, leaf_of)
