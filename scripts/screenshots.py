"""Writes the datasets that the screenshots of docs/screenshots show into a folder: screenshots.py FOLDER."""

import os
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet

(folder,) = sys.argv[1:]
random = np.random.default_rng(2026)


def write(name, table, row_group_size=1 << 17):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    parquet.write_table(table, path, row_group_size=row_group_size, compression="zstd")


def rides(count):
    minute = np.sort(random.integers(0, 31 * 1440, count))
    hour = minute % 1440 / 60
    distance = np.round(random.lognormal(0.7, 0.75, count), 2)
    pace = 3.6 + 1.6 * np.exp(-((hour - 17.5) ** 2) / 8) + random.normal(0, 0.4, count)
    fare = np.round(3 + 1.9 * distance + 0.45 * np.clip(pace, 2, None) * distance, 2)
    card = random.random(count) < 0.72
    tip = np.round(fare * random.choice([0, 0.15, 0.18, 0.2, 0.25], count, p=[0.2, 0.2, 0.2, 0.25, 0.15]), 2)
    boroughs = np.array(["Manhattan", "Queens", "Brooklyn", "Bronx", "Staten Island"])
    notes = np.array(["", "airport", "shared ride", "stop on the way"])
    return pa.table(
        {
            "id": np.arange(count),
            "pickup": pa.array(1_793_491_200_000 + minute * 60_000, pa.timestamp("ms", "America/New_York")),
            "vendor": pa.array(np.array(["CMT", "VTS", "DDS"])[random.choice(3, count, p=[0.46, 0.5, 0.04])]).dictionary_encode(),
            "passengers": pa.array(random.choice([1, 2, 3, 4, 5, 6], count, p=[0.7, 0.14, 0.05, 0.03, 0.05, 0.03]).astype("int8")),
            "distance": distance,
            "fare": fare,
            "tip": pa.array(tip, mask=~card),
            "card": card,
            "borough": boroughs[random.choice(5, count, p=[0.68, 0.17, 0.12, 0.025, 0.005])],
            "note": pa.array(notes[random.choice(4, count, p=[0.85, 0.06, 0.05, 0.04])], mask=random.random(count) < 0.3),
        }
    )


def weather(count):
    time = np.arange(count)
    day = time / 1440
    station = np.array(["harbour", "hill", "airport"])
    frames = 8 + 7 * np.sin(day / 365 * 2 * np.pi) + 4 * np.sin(day * 2 * np.pi - 2) + random.normal(0, 0.8, count)
    which = time % 3
    return pa.table(
        {
            "time": pa.array(1_767_225_600_000 + time * 60_000, pa.timestamp("ms", "UTC")),
            "station": station[which],
            "temperature": np.round(frames + np.array([0, -3.5, 1.2])[which], 2),
            "humidity": np.round(100 * random.beta(6, 3, count), 1),
            "wind": pa.array(np.round(random.weibull(1.8, count) * 5, 1), mask=random.random(count) < 0.02),
        }
    )


def places():
    kinds = pa.struct({"name": pa.string(), "population": pa.int64()})
    rows = [
        {"name": "Lima", "population": 10_092_000},
        {"name": "Oslo", "population": 717_710},
        {"name": "Łódź", "population": None},
    ]
    field = pa.field("city", kinds, metadata={"source": "census of each country"})
    languages = pa.array([["es", "qu"], ["nb"], ["pl"]])
    key = pa.array([bytes(range(n, n + 16)) for n in (1, 40, 200)], pa.binary(16))
    schema = pa.schema(
        [field, ("languages", languages.type), ("key", key.type), ("founded", pa.date32())],
        metadata={"licence": "CC0", "made by": "the census office"},
    )
    founded = pa.array([-158_750, -335_600, -199_900], pa.int32()).cast(pa.date32())
    return pa.table([pa.array(rows, kinds), languages, key, founded], schema=schema)


write("nyc/rides.parquet", rides(4_000_000))
write("weather.parquet", weather(525_600))
write("places.parquet", places())
for quarter in range(1, 5):
    for region in ("americas", "asia", "europe"):
        count = int(random.integers(2000, 90_000))
        sales = pa.table({"order": np.arange(count), "amount": np.round(random.gamma(2, 40, count), 2)})
        write(f"sales/2026/q{quarter}-{region}.parquet", sales)
for name in ("events", "sessions", "users"):
    count = int(random.integers(100_000, 900_000))
    write(f"logs/{name}.parquet", pa.table({"n": np.arange(count), "value": random.random(count)}))
