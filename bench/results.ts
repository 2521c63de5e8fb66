import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { renderTable } from "../scripts/markdown-table.ts";
import type { Figure } from "./figures.ts";
import type { Topic } from "./growth.ts";
import { renderPlot } from "./plot.ts";
import { renderFigures, toText } from "./report.ts";

/** When, where and how something was measured. */
export interface RunOf {
  /** Such as `2026-11-29`. */
  readonly date: string;
  readonly machine: string;
  readonly rounds: number;
}

/** The saved results: the newest of each group. */
export interface Results {
  readonly groups: Readonly<Record<string, RunOf & GroupResults>>;
  readonly growth?: RunOf & { readonly topics: readonly Topic[] };
}

interface GroupResults {
  readonly figures: readonly Figure[];
  readonly topics?: readonly Topic[];
}

const root = join(import.meta.dirname, "..");
const resultsFile = join(root, "bench/results.json");
const documentFile = join(root, "docs/performance.md");
const plotsFolder = join(root, "docs/performance");

/** Reads the saved results. */
export async function readResults(): Promise<Results> {
  return JSON.parse(await readFile(resultsFile, "utf8")) as Results;
}

/** Saves results, and renders docs/performance.md and its plots from them. */
export async function saveResults(results: Results): Promise<void> {
  await writeFile(resultsFile, `${JSON.stringify(results, undefined, 2)}\n`);
  await writeFile(documentFile, renderDocument(await readFile(documentFile, "utf8"), results));
  await mkdir(plotsFolder, { recursive: true });
  for (const topic of topicsOf(results)) {
    await writeFile(join(plotsFolder, `${topic.name}.svg`), renderPlot(topic));
  }
}

/** Returns everything that has a plot. */
export function topicsOf({ groups, growth }: Results): Topic[] {
  return [...Object.values(groups), ...(growth ? [growth] : [])].flatMap(({ topics = [] }) => topics);
}

/**
 * Fills the regions of the document. A region begins with a line such as `<!-- bench: calls -->`, and ends with
 * `<!-- end -->`. A group without results leaves its region as it is. Throws if a group has no region.
 */
export function renderDocument(document: string, { groups, growth }: Results): string {
  let rendered = document;
  for (const [name, { figures, topics = [], ...run }] of Object.entries(groups)) {
    const content = [renderFigures(figures), ...topics.map(renderTopic), renderRun(run)];
    rendered = fillRegion(rendered, name, content.join("\n"));
  }
  return growth === undefined ? rendered : fillRegion(rendered, "growth", renderGrowth(growth));
}

function fillRegion(document: string, name: string, content: string): string {
  const begin = `<!-- bench: ${name} -->\n`;
  const start = document.indexOf(begin);
  const end = document.indexOf("\n<!-- end -->", start);
  if (start < 0 || end < 0) throw new Error(`docs/performance.md has no region for the group ${name}`);
  return `${document.slice(0, start)}${begin}\n${content}${document.slice(end)}`;
}

function renderRun({ date, machine, rounds }: RunOf): string {
  return `Measured on ${date}, medians of ${rounds} rounds: ${machine}.\n`;
}

function renderGrowth({ topics, ...run }: NonNullable<Results["growth"]>): string {
  return [...topics.map(renderTopic), renderRun(run)].join("\n");
}

function renderTopic({ name, title, axis, sizes, panels }: Topic): string {
  const head = [
    "",
    ...sizes.map((size) => `${size.toLocaleString("en")} ${size === 1 ? axis.replace(/s$/, "") : axis}`),
  ];
  const rows = panels.flatMap((panel) =>
    Object.entries(panel.lines).map(([server, line]) => [
      `${panel.title}, ${server} (${panel.unit})`,
      ...line.map((value) => toText(value ?? undefined)),
    ]),
  );
  return `### ${title}\n\n![${title}](performance/${name}.svg)\n\n${renderTable(head, rows)}`;
}
