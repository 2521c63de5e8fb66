import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestModule } from "vitest/node";
import { scenarioColumns, type CompatibilityCell } from "../test/support/compatibility-cell.ts";
import { renderTable } from "./markdown-table.ts";

const documentFile = join(import.meta.dirname, "../docs/compatibility.md");
const clientsFolder = join(import.meta.dirname, "../test/clients");

/** Where a client's version is pinned: a file of test/clients, and the text before the version. */
const pins: Record<string, readonly [file: string, before: string][]> = {
  "Java flight-core": [["java/pom.xml", "<arrow.version>"]],
  "Rust arrow-flight": [["rust/Cargo.toml", 'arrow-flight = "=']],
  "Go arrow-go": [["go/go.mod", "arrow-go/v18 v"]],
  "grpc-js": [["node/package.json", '"@grpc/grpc-js": "']],
  "polars and fsspec by URL": [
    ["../requirements-clients.txt", "polars=="],
    ["../requirements-clients.txt", "fsspec=="],
  ],
  "chDB by URL": [["../requirements-clients.txt", "chdb=="]],
  "ADBC through the proxy": [["../requirements-clients.txt", "adbc-driver-flightsql=="]],
  "JDBC through the proxy": [["java/pom.xml", "<artifactId>flight-sql-jdbc-driver</artifactId>\n      <version>"]],
};

const introduction = `# Compatibility

\`npm test\` makes this page from the results of its tests: ✓ passed, ✗ failed. A complete run fails if its results differ
from this page. \`HANGAR_WRITE_DOCS=1 npm test\` writes the page.

## Arrow's integration scenarios

These are the scenarios of Arrow's official integration tests. The official client and server are from arrow-go 18.7.0.
_Our client_ makes the same calls and checks as the official client. Chromium reaches the official server through the proxy.
`;

/** The result of a test that a cell of the document stands for. */
export interface CellResult {
  readonly cell: CompatibilityCell;
  readonly isPassed: boolean;
}

/** The results that the document is made of, in an order that does not depend on which test ran first. */
export function cellResultsOf(modules: readonly TestModule[]): CellResult[] {
  const inOrder = modules.toSorted((a, b) => (a.moduleId < b.moduleId ? -1 : 1));
  return inOrder.flatMap((module) =>
    [...module.children.allTests()].flatMap((test) => {
      const { compatibility } = test.meta();
      const { state } = test.result();
      return compatibility && state !== "skipped" ? [{ cell: compatibility, isPassed: state === "passed" }] : [];
    }),
  );
}

/** docs/compatibility.md, from the results of a run; a cell without a result is empty. */
export async function renderCompatibility(results: readonly CellResult[]): Promise<string> {
  const scenarios = new Map<string, Map<string, string>>();
  const clients = new Map<string, string[]>();
  for (const { cell, isPassed } of results) {
    if (cell.table === "scenarios") {
      const row = scenarios.get(cell.scenario) ?? new Map<string, string>();
      scenarios.set(cell.scenario, row.set(cell.column, isPassed ? "✓" : "✗"));
    } else {
      const checks = clients.get(cell.client) ?? [];
      clients.set(cell.client, [...checks, isPassed ? cell.check : `✗ ${cell.check}`]);
    }
  }
  const scenarioRows = [...scenarios].map(([name, cells]) => [
    `\`${name}\``,
    ...scenarioColumns.map((column) => cells.get(column) ?? ""),
  ]);
  const clientRows = await Promise.all(
    [...clients].map(async ([name, checks]) => [name, await versionsOf(name), checks.join(", ")]),
  );
  return [
    introduction,
    renderTable(["scenario", ...scenarioColumns], scenarioRows),
    "## Other clients\n",
    renderTable(["client", "version", "checks"], clientRows),
  ].join("\n");
}

/** Compares the document with the results of a complete run, or writes it; says whether it agrees. */
export async function checkCompatibility(modules: readonly TestModule[]): Promise<boolean> {
  const document = await renderCompatibility(cellResultsOf(modules));
  if (process.env["HANGAR_WRITE_DOCS"]) await writeFile(documentFile, document);
  return (await readFile(documentFile, "utf8")) === document;
}

async function versionsOf(client: string): Promise<string> {
  const versions = (pins[client] ?? []).map(async ([file, before]) => {
    const [, after = ""] = (await readFile(join(clientsFolder, file), "utf8")).split(before);
    return /^[\d.]+/.exec(after)?.[0] ?? "";
  });
  return (await Promise.all(versions)).join(", ");
}
