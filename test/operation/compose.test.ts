import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensurePrograms, mustRun } from "../../scripts/apt.ts";
import { ensureGoTool } from "../../scripts/go-tools.ts";
import { ensurePython } from "../../scripts/python.ts";
import { readFences } from "../docs/fences.ts";
import { startChild, type Child } from "../support/child.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/folder.ts";
import { freePort } from "../support/free-port.ts";
import { startReverseProxy, type ReverseProxy } from "../support/reverse-proxy.ts";
import { hangarProgram } from "../support/server.ts";
import { waitUntil } from "../support/wait.ts";

const deploy = join(import.meta.dirname, "../../deploy");
const run = promisify(execFile);

interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly secrets: readonly { readonly source: string; readonly target: string }[];
}

/** The commands of deploy/compose.yaml, each in a process of this machine: addresses, ports and folders are replaced. */
describe("compose.yaml, whose commands are run", () => {
  let services: Readonly<Record<string, Service>>;
  let folder: TemporaryFolder;
  const children: Child[] = [];
  let proxy: ReverseProxy | undefined;
  let place: (text: string) => string;

  beforeAll(async () => {
    await ensurePrograms(["wget", "curl"]);
    const compose = await ensureGoTool("cmd");
    // It checks the file, and prints it with its variables and defaults.
    const { stdout } = await run(compose, ["-format", "json", "compose.yaml"], { cwd: deploy });
    ({ services } = JSON.parse(stdout) as { services: Readonly<Record<string, Service>> });
    folder = await createTemporaryFolder();
    const s3Port = await freePort();
    place = (text) =>
      text
        .replaceAll("/run/secrets/", `${folder.path}/secrets/`)
        .replaceAll("/data", `${folder.path}/data`)
        .replaceAll(/(?<=\/\/)(s3|127\.0\.0\.1):7070/g, `127.0.0.1:${s3Port}`)
        .replaceAll(" :7070", ` 127.0.0.1:${s3Port}`)
        .replaceAll("172.30.88.0/24", "127.0.0.1");
    await mkdir(join(folder.path, "secrets"));
    const key = "[default]\naws_access_key_id = hangar\naws_secret_access_key = kept-in-a-file\n";
    await writeFile(join(folder.path, "secrets/s3"), key);
    const settings = 'port = 0\nhost = "127.0.0.1"\nanonymous = "all"\n';
    await writeFile(join(folder.path, "secrets/hangar.toml"), settings);
    await writeFile(join(folder.path, "hangar"), `#!/bin/sh\nexec "${process.execPath}" "${hangarProgram}" "$@"\n`, {
      mode: 0o755,
    });
    const gateway = dirname(await ensureGoTool("versitygw"));
    start("s3", gateway);
    await waitUntil("the S3 server is healthy", async () => await isHealthy("s3"));
    const hangar = start("hangar", folder.path, "hangar");
    const [, port = ""] = await hangar.waitFor(/grpc:\/\/[^:]+:(\d+)/);
    proxy = await startReverseProxy("nginx", Number(port));
  }, 900_000);
  afterAll(async () => {
    await proxy?.[Symbol.asyncDispose]();
    for (const child of children.toReversed()) await child[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  function start(name: string, programs: string, image?: string): Child {
    const { entrypoint = [image!], command = [], environment } = services[name]!;
    const [program = "", ...args] = [...entrypoint, ...command].map(place);
    const placed = Object.entries(environment ?? {}).map(([key, value]) => [key, place(value!)]);
    // Credentials of this process would take the place of those in the file.
    const none = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined };
    const PATH = `${programs}${delimiter}${process.env["PATH"]}`;
    const child = startChild(program, args, { ...none, ...Object.fromEntries(placed), PATH });
    children.push(child);
    return child;
  }

  async function isHealthy(name: string): Promise<boolean> {
    const [, command = ""] = services[name]!.healthcheck!.test;
    return await run("sh", ["-c", place(command)]).then(
      () => true,
      () => false,
    );
  }

  test("has nginx's configuration from docs/operations.md, and names each image by a version", async () => {
    const [, ...lines] = (await readFile(join(deploy, "nginx.conf"), "utf8")).split("\n");
    const documented = readFences("docs/operations.md").find(({ language }) => language === "nginx")!.text;
    const there = lines
      .join("\n")
      .replaceAll("hangar:8815", "127.0.0.1:8815")
      .replaceAll("/run/secrets/", "/etc/hangar/");
    expect(there.trim()).toBe(documented.trim());
    for (const { image } of Object.values(services)) expect(image).toMatch(/^[\w/]+:v?\d+\.\d+\.\d+/);
  });

  test("pyarrow puts, gets, lists and drops through nginx over gRPC", async () => {
    const ca = join(folder.path, "ca.pem");
    await writeFile(ca, proxy!.ca);
    const location = `grpc+tls://localhost:${proxy!.port}`;
    const program = join(import.meta.dirname, "behind-proxy.py");
    expect((await mustRun(await ensurePython(), [program, location, ca])).trim()).toBe(`${location} 3000000`);
  });

  test("the client of browsers puts and gets through nginx over gRPC-Web, and nginx is healthy", async () => {
    const ca = join(folder.path, "ca.pem");
    await writeFile(ca, proxy!.ca);
    const args = [join(import.meta.dirname, "through-fetch.ts"), `https://localhost:${proxy!.port}`, "grpc-web"];
    const { stdout } = await run(process.execPath, args, { env: { ...process.env, NODE_EXTRA_CA_CERTS: ca } });
    expect(stdout.trim()).toBe("500000 499999");
    const [, command = ""] = services["nginx"]!.healthcheck!.test;
    await run("sh", ["-c", command.replace("127.0.0.1", `127.0.0.1:${proxy!.port}`)]);
  });
});
