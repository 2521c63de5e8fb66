import { chmod, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { dirname, join } from "node:path";
import { ensurePython } from "../../scripts/python.ts";
import { ensurePrograms, findProgram } from "../../scripts/apt.ts";
import { readFences } from "../docs/fences.ts";
import { createCertificate } from "./certificate.ts";
import { startChild, type Child } from "./child.ts";
import { createTemporaryFolder } from "./folder.ts";
import { freePort } from "./free-port.ts";
import { waitUntil } from "./wait.ts";

/** The reverse proxies that docs/operations.md shows. */
export const reverseProxies = ["nginx", "Caddy", "Envoy"] as const;

/** A reverse proxy of docs/operations.md, in a process of its own. */
export interface ReverseProxy extends AsyncDisposable {
  /** Where it serves, with TLS. */
  readonly port: number;
  /** Where it serves without TLS; nginx only. */
  readonly plainPort: number;
  /** The certificate that signs itself, in PEM. */
  readonly ca: Buffer;
}

/** Starts a reverse proxy with its configuration in docs/operations.md: only addresses, ports and paths are replaced. */
export async function startReverseProxy(
  name: (typeof reverseProxies)[number],
  serverPort: number,
): Promise<ReverseProxy> {
  return await start(name, (configuration) =>
    configuration
      .replaceAll("127.0.0.1:8815", `127.0.0.1:${serverPort}`)
      .replaceAll("port_value: 8815", `port_value: ${serverPort}`),
  );
}

/** Starts nginx as docs/operations.md sets it up below the path `/hangar/`. */
export async function startBelowPath(serverPort: number): Promise<ReverseProxy> {
  const blocks = readFences("docs/operations.md").find(({ text }) => text.startsWith("location /hangar/"))!.text;
  return await start("nginx", (site) =>
    site.replace(/ {2}location \/ \{.*?\n {2}\}\n/s, blocks).replaceAll("127.0.0.1:8815", `127.0.0.1:${serverPort}`),
  );
}

/** Starts nginx before several servers, as docs/scale.md sets it up. */
export async function startBalancer(serverPorts: readonly number[]): Promise<ReverseProxy> {
  const fence = readFences("docs/scale.md").find(({ language }) => language === "nginx");
  const servers = serverPorts.map((port) => `server 127.0.0.1:${port} max_fails=1 fail_timeout=5s;\n`).join("");
  const upstream = fence!.text.replaceAll(/(\s*server 10\.\S+ .*;)+/g, `\n${servers}`);
  return await start("nginx", (site) => {
    return (
      upstream +
      site.replace("grpc://127.0.0.1:8815", "grpc://hangar_grpc").replace("http://127.0.0.1:8815", "http://hangar")
    );
  });
}

async function start(
  name: (typeof reverseProxies)[number],
  withServers: (configuration: string) => string,
): Promise<ReverseProxy> {
  const folder = await createTemporaryFolder();
  await chmod(folder.path, 0o755);
  const at = (file: string): string => join(folder.path, file);
  const { cert, key } = await createCertificate();
  await Promise.all([writeFile(at("tls.crt"), cert), writeFile(at("tls.key"), key, { mode: 0o644 })]);
  const [port, plainPort] = [await freePort(), await freePort()];
  const configuration = withServers(configurationOf(name))
    .replaceAll("/etc/hangar/", `${folder.path}/`)
    .replaceAll("address: 0.0.0.0, port_value: 443", `address: 127.0.0.1, port_value: ${port}`)
    .replaceAll("listen 443", `listen 127.0.0.1:${plainPort};\n  listen 127.0.0.1:${port}`);
  const child = await starters[name](configuration, { at, port });
  try {
    await waitUntil(`${name} serves`, async () => await answers(port, cert));
  } catch (reason) {
    const output = child.output();
    await stop(child);
    throw new Error(`${name} did not start: ${output}`, { cause: reason });
  }
  return {
    port,
    plainPort,
    ca: cert,
    async [Symbol.asyncDispose]() {
      await stop(child);
      await folder[Symbol.asyncDispose]();
    },
  };
}

interface Place {
  readonly at: (file: string) => string;
  readonly port: number;
}

const starters: Record<(typeof reverseProxies)[number], (configuration: string, place: Place) => Promise<Child>> = {
  async nginx(configuration, { at }) {
    const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
      (each) => `${each}_temp_path ${at(each)};\n`,
    );
    const main = `pid ${at("nginx.pid")};\nevents {}\nhttp {\naccess_log off;\n${paths.join("")}${configuration}}\n`;
    await writeFile(at("nginx.conf"), main);
    const args = ["-p", dirname(at("nginx.conf")), "-c", at("nginx.conf"), "-e", at("error.log"), "-g", "daemon off;"];
    return startChild(findProgram("nginx") ?? "nginx", args);
  },
  async Caddy(configuration, { at, port }) {
    await ensurePrograms(["caddy"]);
    const site = configuration.replace("flights.example", `localhost:${port}`);
    await writeFile(at("Caddyfile"), `{\n\tadmin off\n\tauto_https disable_redirects\n}\n${site}`);
    const home = dirname(at("Caddyfile"));
    return startChild("caddy", ["run", "--config", at("Caddyfile")], { HOME: home, XDG_DATA_HOME: home });
  },
  async Envoy(configuration, { at }) {
    const python = await ensurePython("operation");
    await writeFile(at("envoy.yaml"), configuration);
    const args = ["-c", at("envoy.yaml"), "--use-dynamic-base-id", "--concurrency", "1", "--log-level", "warn"];
    return startChild(python, ["-m", "envoy._main", ...args]);
  },
};

/** The fenced block below the proxy's heading. */
function configurationOf(name: string): string {
  const languages: Record<string, string> = { nginx: "nginx", Caddy: "text", Envoy: "yaml" };
  const fence = readFences("docs/operations.md").find(
    ({ language, text }) => language === languages[name] && (name !== "Envoy" || text.startsWith("static_resources")),
  );
  if (fence === undefined) throw new Error(`docs/operations.md has no configuration for ${name}`);
  return fence.text;
}

/** Killed, a master would leave its workers behind. */
async function stop(child: Child): Promise<void> {
  child.kill("SIGTERM");
  await child.exit();
}

async function answers(port: number, ca: Buffer): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  request({ host: "localhost", port, path: "/healthz", ca }, (answer) => resolve(answer.resume().statusCode! < 500))
    .on("error", () => resolve(false))
    .end();
  return await promise;
}
