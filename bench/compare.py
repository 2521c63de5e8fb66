"""Fails if two files of Arrow streams hold different tables: compare.py FILE FILE."""

import sys

import pyarrow as pa

first, second = [pa.ipc.open_stream(pa.memory_map(file)).read_all() for file in sys.argv[1:]]
if not first.equals(second):
    sys.exit("the files hold different tables")
