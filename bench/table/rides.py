"""Writes the table of `npm run bench -- --only table`: taxi rides, 3 million rows in 40 columns, the same each time.

usage: rides.py FILE [ROWS]
"""

import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet

FILE = sys.argv[1]
ROWS = int(sys.argv[2]) if len(sys.argv) > 2 else 3_000_000
# Rides of each driver, at random places of the file.
RIDES_PER_DRIVER = 512
MEASURE_COUNT = 20

random = np.random.default_rng(17)


def money(low: float, high: float) -> np.ndarray:
    return np.round(random.uniform(low, high, ROWS), 2)


def words(values: list[str], nulls: float = 0) -> pa.Array:
    chosen = random.integers(0, len(values), ROWS)
    return pa.DictionaryArray.from_arrays(masked(chosen, nulls), values).cast(pa.string())


def masked(values: np.ndarray, nulls: float) -> pa.Array:
    return pa.array(values, mask=random.random(ROWS) < nulls)


def texts() -> pa.Array:
    return pa.array(random.integers(0, 1 << 62, ROWS)).cast(pa.string())


starts = np.sort(random.integers(1_700_000_000, 1_730_000_000, ROWS)) * 1_000_000
fare = money(3, 90)
tip = np.where(random.random(ROWS) < 0.4, 0, money(0, 20))

columns = {
    "id": np.arange(ROWS),
    "pickup": pa.array(starts, pa.timestamp("us")),
    "dropoff": pa.array(starts + random.integers(60, 5400, ROWS) * 1_000_000, pa.timestamp("us")),
    "driver": (random.permutation(ROWS) // RIDES_PER_DRIVER).astype(np.int32),
    "vendor": words(["CMT", "VTS", "DDS"]),
    "payment": words(["card", "cash", "no charge", "dispute"], 0.02),
    "borough": words(["Bronx", "Brooklyn", "Manhattan", "Queens", "Staten Island"]),
    "pickup_zone": random.integers(1, 266, ROWS).astype(np.int16),
    "dropoff_zone": random.integers(1, 266, ROWS).astype(np.int16),
    "passengers": masked(random.integers(1, 7, ROWS).astype(np.int8), 0.05),
    "distance": random.gamma(2, 1.5, ROWS).astype(np.float32),
    "fare": fare,
    "tip": masked(tip, 0.03),
    "tolls": np.where(random.random(ROWS) < 0.9, 0, money(2, 15)),
    "tax": np.full(ROWS, 0.5),
    "total": np.round(fare + tip + 0.5, 2),
    "shared": masked(random.random(ROWS) < 0.2, 0.1),
    "day": pa.array((starts // 86_400_000_000).astype(np.int32), pa.date32()),
    "plate": words([f"{n:05d}-TX" for n in range(20_000)]),
    "note": texts(),
    **{f"measure_{n:02d}": random.normal(n, 1 + n, ROWS) for n in range(MEASURE_COUNT)},
}
parquet.write_table(pa.table(columns), FILE)
