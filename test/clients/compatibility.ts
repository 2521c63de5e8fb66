import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { clientSteps } from "../conformance/client-steps/index.ts";

/** Where a client's version is pinned: a file beside this one, and the text before the version. */
const pins: Record<string, readonly [file: string, before: string][]> = {
  "Java flight-core": [["java/pom.xml", "<arrow.version>"]],
  "Rust arrow-flight": [["rust/Cargo.toml", 'arrow-flight = "=']],
  "Go arrow-go": [["go/go.mod", "arrow-go/v18 v"]],
  "grpc-js": [["node/package.json", '"@grpc/grpc-js": "']],
  "polars and fsspec by URL": [
    ["../requirements-clients.txt", "polars=="],
    ["../requirements-clients.txt", "fsspec=="],
  ],
  "ADBC through the proxy": [["../requirements-clients.txt", "adbc-driver-flightsql=="]],
  "JDBC through the proxy": [["java/pom.xml", "<artifactId>flight-sql-jdbc-driver</artifactId>\n      <version>"]],
};

const introduction = `# Compatibility

Made by \`test/clients\` from the lists of scenarios and checks. A tick stands for a test of \`npm test\` that must pass; it
is not a result that was recorded. To write it again: \`HANGAR_WRITE_DOCS=1 npm test -- test/clients\`.

## Arrow's integration scenarios

The scenarios of Arrow's official integration tests. The official client and server are those of arrow-go 18.7.0. _Our
client_ makes the calls and checks of the official client. Chromium reaches the official server through the proxy.
`;

const columns = [
  "official client, our server",
  "official client and server, through the proxy",
  "our client in Node, our server",
  "our client in Node, official server",
  "our client in Node, through the proxy",
  "our client in Chromium, our server",
  "our client in Chromium, through the proxy",
];

/** docs/compatibility.md, for the checks of other people's clients. */
export async function renderCompatibility(checks: Readonly<Record<string, readonly string[]>>): Promise<string> {
  const scenarioRows = [...clientSteps.keys()].map((name) => [`\`${name}\``, ...columns.map(() => "✓")]);
  const clientRows = await Promise.all(
    Object.entries(checks).map(async ([name, each]) => [name, await versionsOf(name), each.join(", ")]),
  );
  return [
    introduction,
    renderTable(["scenario", ...columns], scenarioRows),
    "## Other clients\n",
    renderTable(["client", "version", "checks"], clientRows),
  ].join("\n");
}

async function versionsOf(client: string): Promise<string> {
  const versions = (pins[client] ?? []).map(async ([file, before]) => {
    const [, after = ""] = (await readFile(join(import.meta.dirname, file), "utf8")).split(before);
    return /^[\d.]+/.exec(after)?.[0] ?? "";
  });
  return (await Promise.all(versions)).join(", ");
}

/** A table as prettier writes it. */
function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length), 3));
  const line = (row: readonly string[]): string => `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line), ""].join("\n");
}
