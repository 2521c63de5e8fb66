"""ADBC's Flight SQL driver against a Flight SQL server: `adbc.py HOST PORT [USERNAME PASSWORD | AUTHORIZATION]`."""

import sys

from adbc_driver_flightsql import dbapi
from report import report

host, port, *credentials = sys.argv[1:]
options = {}
if len(credentials) == 2:
    options = dict(zip(["username", "password"], credentials))
elif credentials:
    options = {"adbc.flight.sql.authorization_header": credentials[0]}
connection = dbapi.connect(f"grpc://{host}:{port}", db_kwargs=options)


def query():
    with connection.cursor() as cursor:
        cursor.execute("SELECT keyName, value FROM intTable WHERE value IS NOT NULL ORDER BY id")
        rows = cursor.fetch_arrow_table().to_pydict()
    assert rows == {"keyName": ["one", "zero", "negative one"], "value": [1, 0, -1]}, rows


def wrong_query():
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT x FROM nowhere")
    except dbapi.Error as error:
        assert "no such table: nowhere" in str(error), error
        # The gRPC code that the server gave: a header of the proxy's must not hide it.
        assert error.vendor_code == 2, error.vendor_code
    else:
        raise AssertionError("the query did not fail")


def table_types():
    types = connection.adbc_get_table_types()
    assert "table" in [name.lower() for name in types], types


report(query=query, error_of_a_wrong_query=wrong_query, table_types=table_types)
connection.close()
