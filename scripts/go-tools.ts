import { createHash } from "node:crypto";
import { chmod, glob } from "node:fs/promises";
import { join } from "node:path";
import { installFromApt, mustRun } from "./apt.ts";
import { ensureCachedFolder } from "./cached-folder.ts";
import { run } from "./run.ts";

/** The programs that tests install with Go, each at one version. */
const tools = {
  "arrow-flight-integration-client":
    "github.com/apache/arrow-go/v18/arrow/internal/flight_integration/cmd/arrow-flight-integration-client@v18.7.0",
  "arrow-flight-integration-server":
    "github.com/apache/arrow-go/v18/arrow/internal/flight_integration/cmd/arrow-flight-integration-server@v18.7.0",
  sqlite_flightsql_server:
    "github.com/apache/arrow-go/v18/arrow/flight/flightsql/example/cmd/sqlite_flightsql_server@v18.7.0",
  connectconformance: "connectrpc.com/conformance/cmd/connectconformance@v1.0.7",
  grpcurl: "github.com/fullstorydev/grpcurl/cmd/grpcurl@v1.9.3",
  versitygw: "github.com/versity/versitygw/cmd/versitygw@v1.8.0",
  minio: "github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c",
  grpcwebproxy: "github.com/improbable-eng/grpc-web/go/grpcwebproxy@v0.15.0",
  actionlint: "github.com/rhysd/actionlint/cmd/actionlint@v1.7.7",
  // The reference implementation of Compose files, whose program has this name.
  cmd: "github.com/compose-spec/compose-go/v2/cmd@v2.16.2",
  h2spec: "github.com/summerwind/h2spec/cmd/h2spec@v2.2.1+incompatible",
} as const;

/** A program that tests install with Go. */
export type GoTool = keyof typeof tools;

/** From this version on, the go command fetches by itself the Go that a module asks for. */
const goMinorMin = 21;

/** The Go that an older one fetches, in whose modules' place it is published. */
const toolchain = `golang.org/toolchain@v0.0.1-go1.26.8.${process.platform}-${process.arch === "x64" ? "amd64" : process.arch}`;

/**
 * Returns the path of a program. The first call builds it in the user's cache folder, which takes a minute, and installs Go
 * with apt-get if it is missing. Throws an Error with the step that failed and its output.
 */
export async function ensureGoTool(name: GoTool): Promise<string> {
  const key = createHash("sha256").update(tools[name]).digest("hex").slice(0, 16);
  const folder = await ensureCachedFolder({
    name: `go-${name}-${key}`,
    title: tools[name],
    async build(draft) {
      const env = { GOBIN: draft, GOTOOLCHAIN: "auto", GOFLAGS: "-modcacherw" };
      await mustRun(await ensureGo(), ["install", tools[name]], env);
    },
  });
  return join(folder, name);
}

/** The go command of this machine, or Debian's, or one that Debian's has fetched where that is too old. */
export async function ensureGo(): Promise<string> {
  let minor = await goMinor();
  if (minor === undefined) {
    await installFromApt(["golang-go"]);
    minor = await goMinor();
  }
  return minor !== undefined && minor >= goMinorMin ? "go" : await fetchToolchain();
}

/** The 22 of Go 1.22; undefined where there is no Go. */
async function goMinor(): Promise<number | undefined> {
  const { output } = await run("go", ["env", "GOVERSION"]);
  const match = /^go1\.(\d+)/m.exec(output);
  return match === null ? undefined : Number(match[1]);
}

/** Fetches a newer Go as the module that it is published as, by the module proxy and its checksums. */
async function fetchToolchain(): Promise<string> {
  const output = await mustRun("go", ["mod", "download", "-json", toolchain], { GO111MODULE: "on" });
  const { Dir: folder } = JSON.parse(output) as { Dir: string };
  // Modules have no executable files; a go command that knows of toolchains does the same.
  for await (const file of glob(["bin/*", "pkg/tool/*/*"], { cwd: folder })) await chmod(join(folder, file), 0o755);
  return join(folder, "bin/go");
}

if (import.meta.main) {
  for (const name of Object.keys(tools) as GoTool[]) process.stdout.write(`${await ensureGoTool(name)}\n`);
}
