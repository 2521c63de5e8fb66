import { InvalidArgumentError, type Command } from "commander";
// Not from the folder's index, because that loads all of it for each command.
import { anonymousAccesses } from "../auth/access-config.ts";
import { useLightHeaders } from "./light-headers.ts";
import { assertNoCredentials, flag, list, parseLocation, pathFlag } from "./options.ts";
import type { ServeOptions } from "./serve.ts";
import { addUpstreamOptions } from "./upstream-options.ts";

const logLevels = ["trace", "debug", "info", "warn", "error", "silent"] as const;

/**
 * Adds `hangar serve` and its flags. Each flag can also be set with an environment variable: `HANGAR_` and its name.
 */
export function addServeCommand(program: Command): Command {
  const command = program
    .command("serve")
    .description(
      "Serve the Parquet files of a folder or a bucket, or another Flight server, over Arrow Flight: native gRPC, gRPC-Web and Connect on one port",
    )
    .allowExcessArguments(false)
    .addOption(flag("--host <address>", "address to listen on").default("127.0.0.1").argParser(parseHost))
    .addOption(flag("--port <number>", "port to listen on; 0 selects a free port").default(8815).argParser(parsePort))
    .addOption(
      pathFlag("--repo <place>", "folder of the datasets, created if it does not exist; or s3://bucket/prefix").default(
        "./datasets",
      ),
    )
    .addOption(flag("--s3-endpoint <url>", "S3 server of the bucket, other than Amazon's").argParser(parseUrl))
    .addOption(flag("--s3-region <region>", "region of the bucket; by default as the AWS environment has it"))
    .addOption(
      flag("--s3-path-style", "the bucket's name is in the path of URLs, not in the host; default with --s3-endpoint"),
    )
    .addOption(
      flag(
        "--s3-list-within <seconds>",
        "time after which puts of other servers over the bucket are listed; default 5",
      ).argParser(parseSeconds),
    )
    .addOption(
      flag("--redirect-downloads", "send downloads of files to the bucket: 307 to a URL that is good for 15 minutes"),
    )
    .addOption(
      list(
        "--peers <locations>",
        "servers over the same bucket, this one included: parts of a flight are spread over them",
        parseLocation,
      ),
    )
    .addOption(
      flag("--advertise <location>", "location in FlightInfos, such as grpc+tls://flights.example:443").argParser(
        parseLocation,
      ),
    )
    .addOption(pathFlag("--tls-cert <file>", "certificate chain in PEM; with --tls-key, serves TLS"))
    .addOption(pathFlag("--tls-key <file>", "private key in PEM"))
    .addOption(
      list("--cors-origin <origins>", "origins whose pages may call the server, separated by commas; * for all"),
    )
    .addOption(list("--allowed-host <hosts>", "allowed host names in the Host header; * for any"))
    .addOption(
      list("--trusted-proxy <addresses>", "addresses or subnets of proxies whose X-Forwarded headers are trusted"),
    )
    .addOption(
      flag("--drain-delay <seconds>", "how long to take calls after SIGTERM, while /readyz is 503")
        .default(0)
        .argParser(parseSeconds),
    )
    .addOption(flag("--log-level <level>", "least severe message to log").choices(logLevels).default("info"))
    .addOption(
      flag("--base <url>", "address of the server as browsers reach it, for OpenID providers").argParser(parseBase),
    )
    .addOption(flag("--base-path <path>", "path below which a reverse proxy serves this server, such as /hangar"))
    .addOption(
      flag(
        "--anonymous <rights>",
        "what callers without credentials may do; all on loopback without a configuration",
      ).choices(anonymousAccesses),
    )
    .addOption(flag("--allow-anonymous", "as --anonymous all: everybody who reaches the port may do everything"))
    .addOption(pathFlag("--config <file>", "TOML file with flags and with who may call (docs/config.md)"))
    .action(async ({ upstream }: ServeOptions, command: Command) => {
      useLightHeaders();
      const [{ ParquetPool }, { tuneMemory }] = await Promise.all([
        import("../parquet/index.ts"),
        import("./tune-memory.ts"),
      ]);
      tuneMemory();
      // The workers start while this thread loads the server.
      const pool = upstream === undefined ? new ParquetPool() : undefined;
      try {
        const [{ serve }, { readSettings }] = await Promise.all([import("./serve.ts"), import("./config/settings.ts")]);
        await serve(() => readSettings(command), pool);
      } catch (reason) {
        // A thread that is starting keeps the process alive.
        await pool?.close();
        throw reason;
      }
    });
  addUpstreamOptions(command);
  return command;
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
