import { chmod, readFile, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { findProgram } from "../../scripts/apt.ts";
import { createCertificate } from "./certificate.ts";
import { startChild, type Child } from "./child.ts";
import { createTemporaryFolder } from "./folder.ts";
import { freePort } from "./free-port.ts";
import { waitUntil } from "./wait.ts";

/** Debian's nginx, in a process of its own. */
export interface Nginx extends AsyncDisposable {
  /** The main process. Its children do the work. */
  readonly child: Child;
  /**
   * For each upstream, its address in plaintext, where nginx speaks HTTP/1.1 to clients; HTTP/2 in front of a `grpc://`
   * upstream.
   */
  readonly http: readonly string[];
  /** For each upstream, its address with TLS, where nginx speaks HTTP/2 to clients. */
  readonly https: readonly string[];
}

/** What is added to Debian's configuration. */
export interface NginxOptions {
  /** The paths that are passed on; others are 404. All by default. */
  readonly location?: string;
  /** Directives of each server, such as `gzip_types *;`. */
  readonly directives?: string;
}

/** What nginx writes; as installed these are below /var and /run, where other processes write as well. */
const temporaryPaths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];

/**
 * Starts nginx with the configuration that Debian installs, in a folder of its own, and a server for each upstream that
 * says `proxy_pass` and nothing else.
 *
 * @param upstreams - such as `http://127.0.0.1:8815`; `grpc://127.0.0.1:8815` gets `grpc_pass`; a folder is served as it
 * lies
 */
export async function startNginx(
  upstreams: readonly string[],
  { location = "/", directives = "" }: NginxOptions = {},
): Promise<Nginx> {
  const folder = await createTemporaryFolder();
  const { cert, key } = await createCertificate();
  // Its workers run as another user.
  await chmod(folder.path, 0o755);
  const at = (name: string): string => join(folder.path, name);
  await Promise.all([writeFile(at("cert.pem"), cert), writeFile(at("key.pem"), key, { mode: 0o600 })]);
  // nginx cannot choose a port itself.
  const ports: number[] = [];
  while (ports.length < 2 * upstreams.length) ports.push(await freePort());
  const sites = upstreams.map((upstream, i) => {
    const [http, https] = ports.slice(2 * i, 2 * i + 2);
    return `
server {
  listen 127.0.0.1:${http}${upstream.startsWith("grpc:") ? " http2" : ""};
  listen 127.0.0.1:${https} ssl http2;
  ssl_certificate ${at("cert.pem")};
  ssl_certificate_key ${at("key.pem")};
  ${directives}
  location ${location} { ${passTo(upstream)}; }
}`;
  });
  const paths = temporaryPaths.map((name) => `${name}_temp_path ${at(name)};\n`);
  await writeFile(at("sites.conf"), [...paths, ...sites].join(""));
  await writeFile(at("nginx.conf"), moveInto(folder.path, await readFile("/etc/nginx/nginx.conf", "utf8")));
  const args = ["-p", folder.path, "-c", at("nginx.conf"), "-e", at("error.log"), "-g", "daemon off;"];
  const child = startChild(findProgram("nginx") ?? "nginx", args);
  const dispose = async (): Promise<void> => {
    await stop(child);
    await folder[Symbol.asyncDispose]();
  };
  try {
    for (const port of ports) await waitUntil("nginx listens", async () => await isListening(port, child));
  } catch (reason) {
    const log = await readFile(at("error.log"), "utf8").catch(() => "");
    await dispose();
    throw new Error(`nginx did not start: ${child.output()}${log}`, { cause: reason });
  }
  return {
    child,
    http: upstreams.map((_, i) => `http://127.0.0.1:${ports[2 * i]}`),
    https: upstreams.map((_, i) => `https://127.0.0.1:${ports[2 * i + 1]}`),
    [Symbol.asyncDispose]: dispose,
  };
}

function passTo(upstream: string): string {
  if (upstream.startsWith("/")) return `root ${upstream}`;
  return upstream.startsWith("grpc:") ? `grpc_pass ${upstream}` : `proxy_pass ${upstream}`;
}

/** Debian's own configuration, but for the places of what is written, and the servers. */
function moveInto(folder: string, configuration: string): string {
  return configuration
    .replaceAll("/run/nginx.pid", join(folder, "nginx.pid"))
    .replaceAll("/var/log/nginx", folder)
    .replaceAll("/etc/nginx/sites-enabled/*", join(folder, "sites.conf"));
}

/** Killed, the master would leave its workers behind. */
async function stop(child: Child): Promise<void> {
  child.kill("SIGTERM");
  await child.exit();
}

async function isListening(port: number, child: Child): Promise<boolean> {
  if (/emerg/.test(child.output())) throw new Error("it gave up");
  const socket = connect(port, "127.0.0.1");
  return await once(socket, "connect")
    .then(
      () => true,
      () => false,
    )
    .finally(() => socket.destroy());
}
