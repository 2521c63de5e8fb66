"""pyarrow's client against a server that asks who calls.

`clients.py PORT TOKEN` over plaintext; `clients.py PORT --tls CA CERT KEY STRANGER_CERT STRANGER_KEY EXPIRED_CERT EXPIRED_KEY`
with certificates.
Prints a line of JSON for each check.
"""

import json
import sys
import traceback

import pyarrow.flight as flight

location = f"grpc://127.0.0.1:{sys.argv[1]}"


def report(**checks):
    for name, check in checks.items():
        error = ""
        try:
            check()
        except BaseException:
            error = traceback.format_exc()
        print(json.dumps({"check": name.replace("_", " "), "error": error}), flush=True)


def names(client, options=None):
    flights = client.list_flights(options=options or flight.FlightCallOptions())
    return sorted(b"/".join(info.descriptor.path).decode() for info in flights)


def refused(act):
    try:
        act()
    except flight.FlightUnauthenticatedError:
        return
    raise AssertionError("it was not refused")


def bearer(token):
    return flight.FlightCallOptions(headers=[(b"authorization", f"Bearer {token}".encode())])


def no_credentials():
    refused(lambda: names(flight.connect(location)))


def static_token():
    client = flight.connect(location)
    assert names(client, bearer(sys.argv[2])) == ["open/a", "secret/a", "secret/b"]
    refused(lambda: names(client, bearer("wrong")))


def basic_token():
    client = flight.connect(location)
    header = client.authenticate_basic_token("ann", "pass:word")
    assert header[0] == b"authorization" and header[1].startswith(b"Bearer "), header
    options = flight.FlightCallOptions(headers=[header])
    assert names(client, options) == ["open/a"]
    ticket = flight.Ticket(b"open/a")
    assert client.do_get(ticket, options).read_all().num_rows == 12
    try:
        client.do_get(flight.Ticket(b"secret/a"), options).read_all()
    except KeyError as error:
        assert 'there is no dataset "secret/a"' in str(error), error
    else:
        raise AssertionError("a hidden dataset was read")


def wrong_password():
    client = flight.connect(location)
    refused(lambda: client.authenticate_basic_token("ann", "wrong"))
    refused(lambda: client.authenticate_basic_token("bob", "pass:word"))


class BasicAuthHandler(flight.ClientAuthHandler):
    """The older way: a message, and a token that goes with every call."""

    def __init__(self, username, password):
        super().__init__()
        self.basic = flight.BasicAuth(username, password)
        self.token = None

    def authenticate(self, outgoing, incoming):
        outgoing.write(self.basic.serialize())
        self.token = incoming.read()

    def get_token(self):
        return self.token


def handshake_message():
    client = flight.connect(location)
    client.authenticate(BasicAuthHandler("ann", "pass:word"))
    assert names(client) == ["open/a"]


def wrong_handshake_message():
    client = flight.connect(location)
    refused(lambda: client.authenticate(BasicAuthHandler("ann", "wrong")))


def put_without_the_right():
    client = flight.connect(location)
    options = flight.FlightCallOptions(headers=[client.authenticate_basic_token("ann", "pass:word")])
    table = client.do_get(flight.Ticket(b"open/a"), options).read_all()
    try:
        writer, _ = client.do_put(flight.FlightDescriptor.for_path("open", "b"), table.schema, options)
        writer.write_table(table)
        writer.close()
    except flight.FlightUnauthorizedError as error:
        assert 'you need the right "replace" for dataset "open/b", or "write" if it is new' in str(error), error
    else:
        raise AssertionError("it was put")


def over_tls(ca, cert, key, stranger_cert, stranger_key, expired_cert, expired_key):
    location = f"grpc+tls://localhost:{sys.argv[1]}"

    def read(path):
        with open(path, "rb") as file:
            return file.read()

    def names_for(cert, key):
        certificate = {"cert_chain": read(cert), "private_key": read(key)}
        return names(flight.connect(location, tls_root_certs=read(ca), **certificate))

    def certificate():
        assert names_for(cert, key) == ["open/a"]

    def no_certificate():
        refused(lambda: names(flight.connect(location, tls_root_certs=read(ca))))

    def certificate_of_a_stranger():
        refused(lambda: names_for(stranger_cert, stranger_key))

    def expired_certificate():
        refused(lambda: names_for(expired_cert, expired_key))

    report(
        certificate=certificate,
        no_certificate=no_certificate,
        certificate_of_a_stranger=certificate_of_a_stranger,
        expired_certificate=expired_certificate,
    )


if sys.argv[2] == "--tls":
    over_tls(*sys.argv[3:])
else:
    report(
        no_credentials=no_credentials,
        static_token=static_token,
        basic_token=basic_token,
        wrong_password=wrong_password,
        handshake_message=handshake_message,
        wrong_handshake_message=wrong_handshake_message,
        put_without_the_right=put_without_the_right,
    )
