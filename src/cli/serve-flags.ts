import { InvalidArgumentError, type Option } from "commander";
// Not from the folder's index, because that loads all of it for each command.
import { anonymousAccesses } from "../auth/access-config.ts";
import { assertNoCredentials, flag, list, parseLocation, pathFlag } from "./options.ts";

const logLevels = ["trace", "debug", "info", "warn", "error", "silent"] as const;

/**
 * Creates the flags of `hangar serve`, in the order of its help. Those of an upstream server are in
 * `upstream-options.ts`.
 */
export function serveFlags(): Option[] {
  return [...listenerFlags(), ...storageFlags(), ...networkFlags(), ...accessFlags()];
}

function listenerFlags(): Option[] {
  return [
    flag("--host <address>", "address to listen on").default("127.0.0.1").argParser(parseHost),
    flag("--port <number>", "port to listen on; 0 selects a free port").default(8815).argParser(parsePort),
  ];
}

/** The folder or the bucket of the datasets. */
function storageFlags(): Option[] {
  return [
    pathFlag("--repo <place>", "folder of the datasets, created if it does not exist; or s3://bucket/prefix").default(
      "./datasets",
    ),
    flag("--s3-endpoint <url>", "S3 server of the bucket, other than Amazon's").argParser(parseUrl),
    flag("--s3-region <region>", "region of the bucket; by default as the AWS environment has it"),
    flag("--s3-path-style", "the bucket's name is in the path of URLs, not in the host; default with --s3-endpoint"),
    flag(
      "--s3-list-within <seconds>",
      "time after which puts of other servers over the bucket are listed; default 5",
    ).argParser(parseSeconds),
    flag("--redirect-downloads", "send downloads of files to the bucket: 307 to a URL that is good for 15 minutes"),
    list(
      "--peers <locations>",
      "servers over the same bucket, this one included: parts of a flight are spread over them",
      parseLocation,
    ),
  ];
}

/** How clients, browsers and reverse proxies reach the server. */
function networkFlags(): Option[] {
  return [
    flag("--advertise <location>", "location in FlightInfos, such as grpc+tls://flights.example:443").argParser(
      parseLocation,
    ),
    pathFlag("--tls-cert <file>", "certificate chain in PEM; with --tls-key, serves TLS"),
    pathFlag("--tls-key <file>", "private key in PEM"),
    list("--cors-origin <origins>", "origins whose pages may call the server, separated by commas; * for all"),
    list("--allowed-host <hosts>", "allowed host names in the Host header; * for any"),
    list("--trusted-proxy <addresses>", "addresses or subnets of proxies whose X-Forwarded headers are trusted"),
    flag("--drain-delay <seconds>", "how long to take calls after SIGTERM, while /readyz is 503")
      .default(0)
      .argParser(parseSeconds),
    flag("--log-level <level>", "least severe message to log").choices(logLevels).default("info"),
    flag("--base <url>", "address of the server as browsers reach it, for OpenID providers").argParser(parseBase),
    flag("--base-path <path>", "path below which a reverse proxy serves this server, such as /hangar"),
  ];
}

/** Who may call. */
function accessFlags(): Option[] {
  return [
    flag(
      "--anonymous <rights>",
      "what callers without credentials may do; all on loopback without a configuration",
    ).choices(anonymousAccesses),
    flag("--allow-anonymous", "as --anonymous all: everybody who reaches the port may do everything"),
    pathFlag("--config <file>", "TOML file with flags and with who may call (docs/config.md)"),
  ];
}

function parseBase(value: string): string {
  assertNoCredentials(value);
  const url = URL.parse(value);
  if (url !== null && /^https?:$/.test(url.protocol) && url.pathname === "/" && url.search === "") return url.origin;
  throw new InvalidArgumentError("It must be an address such as https://flights.example; a path is for --base-path.");
}

function parseSeconds(value: string): number {
  const seconds = Number(value);
  if (!/^\d+$/.test(value) || seconds > 600) throw new InvalidArgumentError("It must be a number from 0 to 600.");
  return seconds;
}

function parseUrl(value: string): string {
  assertNoCredentials(value);
  if (URL.canParse(value) && /^https?:/.test(value)) return value;
  throw new InvalidArgumentError("It must be a URL, such as http://s3.example:9000.");
}

/** Returns an address without the brackets that IPv6 has in a URL. */
function parseHost(value: string): string {
  return value.replace(/^\[(.*)\]$/, "$1");
}

function parsePort(value: string): number {
  const port = Number(value);
  if (!/^\d+$/.test(value) || port > 65_535) throw new InvalidArgumentError("It must be a number from 0 to 65535.");
  return port;
}
