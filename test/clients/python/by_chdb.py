"""chDB reads datasets by URL: `by_chdb.py HOST PORT`."""

import io
import json
import sys
import urllib.request

import chdb
import pyarrow as pa
import pyarrow.parquet as pq
from report import raised, report

host, port = sys.argv[1:3]
base = f"http://{host}:{port}/datasets"
url = f"{base}/chdb.parquet"

file = io.BytesIO()
pq.write_table(pa.table({"n": [1, None, 3], "s": ["a", "ß", None]}), file)
request = urllib.request.Request(url, data=file.getvalue(), method="PUT", headers={"content-type": "application/vnd.apache.parquet"})
urllib.request.urlopen(request).close()

whole = [[1, "a"], [None, "ß"], [3, None]]


def rows(query: str, form: str, what: str = "n, s", where: str = "") -> list:
    sql = f"SELECT {what} FROM url('{url}{query}', '{form}') {where} SETTINGS output_format_json_quote_64bit_integers = 0"
    return [json.loads(line) for line in str(chdb.query(sql, "JSONCompactEachRow")).splitlines()]


def expect(actual: list, expected: list) -> None:
    assert actual == expected, actual


def missing():
    message = raised(lambda: chdb.query(f"SELECT * FROM url('{base}/nowhere', 'Parquet')"))
    assert 'there is no dataset \\"nowhere\\"' in message, message


report(
    chdb_parquet=lambda: (expect(rows("", "Parquet"), whole), expect(rows("", "Parquet", "s", "WHERE n > 1"), [[None]])),
    chdb_csv=lambda: expect(rows("?format=csv", "CSVWithNames"), whole),
    # 64-bit integers are strings there: docs/rows.md.
    chdb_ndjson=lambda: expect(rows("?format=ndjson", "JSONEachRow"), [["1", "a"], [None, "ß"], ["3", None]]),
    chdb_arrow=lambda: expect(rows("?format=arrow", "ArrowStream"), whole),
    chdb_part_as_parquet=lambda: expect(rows("?format=parquet&columns=n", "Parquet", "n"), [[1], [None], [3]]),
    chdb_missing_dataset=missing,
)
