"""Writes one table as Arrow files, streams and Feather files of several codecs into a folder; see argv. Prints nothing."""

import os
import sys

import pyarrow as pa
import pyarrow.feather as feather

(folder,) = sys.argv[1:]
rows = 20_000
cities = ["Lima"] * 10_000 + ["Oslo"] * 10_000
table = pa.table({"id": range(rows), "city": cities, "note": [None, "", "late", "cash"] * (rows // 4)})


def write(name, open_writer, table=table, **options):
    with open_writer(os.path.join(folder, name), table.schema, options=pa.ipc.IpcWriteOptions(**options)) as writer:
        writer.write_table(table, max_chunksize=7000)


write("file.arrow", pa.ipc.new_file)
write("file_lz4.arrow", pa.ipc.new_file, compression="lz4")
write("file_zstd.arrow", pa.ipc.new_file, compression="zstd")
write("stream.arrows", pa.ipc.new_stream)
write("stream_zstd.arrows", pa.ipc.new_stream, compression="zstd")
feather.write_feather(table, os.path.join(folder, "feather_lz4.feather"), compression="lz4")

# Dictionaries of one batch go on in the next, as deltas.
values = pa.array(["Lima", "Oslo"])
grown = pa.chunked_array(
    [
        pa.DictionaryArray.from_arrays(pa.array([0] * 10_000, pa.int8()), values.slice(0, 1)),
        pa.DictionaryArray.from_arrays(pa.array([1] * 10_000, pa.int8()), values),
    ]
)
growing = table.set_column(1, "city", grown)
write("deltas.arrow", pa.ipc.new_file, growing, emit_dictionary_deltas=True)
write("replaced.arrows", pa.ipc.new_stream, growing)
