import type { Transport } from "@connectrpc/connect";
import {
  checkOptions,
  createFlightTransport,
  credentialOptionNames,
  DatasetClient,
  parseServerUrl,
  type CredentialOptions,
  type HeaderFields,
  type OptionNames,
  type Protocol,
} from "../client/index.ts";
import { CookieJar } from "./cookie-jar.ts";
import { createHttp2FileGetter } from "./http2-file-getter.ts";
import { createHttp2FileSender } from "./http2-file-sender.ts";
import { createHttp2Client, type Http2Client } from "./http2-client.ts";
import type { ClientTlsOptions } from "./http2-connection.ts";

/** Options of a client in Node. */
export interface ConnectOptions extends CredentialOptions {
  /** The protocol; `grpc` by default, which every Flight server supports. The others are for servers or proxies without gRPC. */
  readonly protocol?: Protocol | undefined;
  /** Certificates, if the server uses TLS. */
  readonly tls?: ClientTlsOptions | undefined;
  /** Request headers of every call, such as `{ authorization: "Bearer …" }`. */
  readonly headers?: HeaderFields | undefined;
  /** Returns the request headers for another server that an endpoint names; none by default. */
  readonly headersFor?: ((url: URL) => HeaderFields | undefined) | undefined;
  /** Whether the client stores cookies and sends them back, as Flight sessions need; false by default. */
  readonly cookies?: boolean | undefined;
}

const connectOptionNames: OptionNames<ConnectOptions> = {
  ...credentialOptionNames,
  protocol: true,
  tls: true,
  headers: true,
  headersFor: true,
  cookies: true,
};

/** The maximum number of endpoints to read at once: enough for a fast network, few enough to use little memory. */
const endpointsAtOnceMax = 4;

/**
 * Creates a client of any Flight server, over gRPC and HTTP/2. The first call connects. An idle connection does not keep
 * the process alive.
 *
 * @param url - `grpc://host:port`, `grpc+tcp://`, `grpc+tls://`, `http://` or `https://`
 * @throws FlightError INVALID_ARGUMENT if the URL is not the address of a server, or if the credentials contradict
 * each other
 */
export function connect(url: string | URL, options: ConnectOptions = {}): DatasetClient {
  checkOptions(options, connectOptionNames);
  const { protocol = "grpc", tls, headers, headersFor, cookies = false, token, username, password } = options;
  const clients = new Map<string, Http2Client>();
  const clientOf = (server: URL): Http2Client => {
    let client = clients.get(server.origin);
    if (client === undefined) {
      client = createHttp2Client(server, tls);
      if (cookies) client = withCookies(client, new CookieJar());
      clients.set(server.origin, client);
    }
    return client;
  };
  const openTransport = (server: URL): Transport => {
    const { oneWay, twoWay } = clientOf(server);
    return createFlightTransport({ url: server, protocol, httpClient: oneWay, twoWayHttpClient: twoWay });
  };
  const own = parseServerUrl(url);
  return new DatasetClient({
    url: own,
    openTransport,
    sendFile: createHttp2FileSender(clientOf(own).twoWay),
    getFile: createHttp2FileGetter(clientOf(own).oneWay),
    headers,
    headersFor,
    token,
    username,
    password,
    endpointsAtOnceMax,
    close: () => clients.forEach((client) => client.close()),
  });
}

function withCookies({ oneWay, twoWay, close }: Http2Client, jar: CookieJar): Http2Client {
  return { oneWay: jar.over(oneWay), twoWay: jar.over(twoWay), close };
}
