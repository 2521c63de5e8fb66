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
const docsFolder = join(root, "docs");
const plotsFolder = join(docsFolder, "performance");

/** The pages of docs that show the results. */
export const pageNames = ["performance.md", "performance-scale.md"];

/** A page of docs. */
interface Page {
  readonly name: string;
  readonly text: string;
}

/** Reads the saved results. */
export async function readResults(): Promise<Results> {
  return JSON.parse(await readFile(resultsFile, "utf8")) as Results;
}

/** Saves results, and renders the pages and plots from them. */
export async function saveResults(results: Results): Promise<void> {
  await writeFile(resultsFile, `${JSON.stringify(results, undefined, 2)}\n`);
  for (const { name, text } of renderPages(await readPages(), results)) {
    await writeFile(join(docsFolder, name), text);
  }
  await mkdir(plotsFolder, { recursive: true });
  for (const topic of topicsOf(results)) {
    await writeFile(join(plotsFolder, `${topic.name}.svg`), renderPlot(topic));
  }
}

/** Returns everything that has a plot. */
export function topicsOf({ groups, growth }: Results): Topic[] {
  return [...Object.values(groups), ...(growth ? [growth] : [])].flatMap(({ topics = [] }) => topics);
}

/** Reads the pages, in the order of `pageNames`. */
export async function readPages(): Promise<Page[]> {
  return await Promise.all(
    pageNames.map(async (name) => ({ name, text: await readFile(join(docsFolder, name), "utf8") })),
  );
}

/**
 * Fills the regions of the pages. A region begins with a line such as `<!-- bench: calls -->`, and ends with
 * `<!-- end -->`. A group without results leaves its region as it is. Throws if a group has no region.
 */
export function renderPages(pages: readonly Page[], { groups, growth }: Results): Page[] {
  const contents = new Map(Object.entries(groups).map(([name, group]) => [name, renderGroup(group)]));
  if (growth !== undefined) contents.set("growth", renderGrowth(growth));
  const missing = [...contents.keys()].find((name) => !pages.some(({ text }) => text.includes(toMarker(name))));
  if (missing !== undefined)
    throw new Error(`no page of ${pageNames.join(", ")} has a region for the group ${missing}`);
  return pages.map(({ name, text }) => ({
    name,
    text: [...contents].reduce((rendered, [group, content]) => fillRegion(rendered, group, content), text),
  }));
}

/** Fills the region of a group, if the page has it. */
function fillRegion(page: string, name: string, content: string): string {
  const begin = toMarker(name);
  const start = page.indexOf(begin);
  if (start < 0) return page;
  const end = page.indexOf("\n<!-- end -->", start);
  if (end < 0) throw new Error(`the region of the group ${name} has no end`);
  return `${page.slice(0, start)}${begin}\n${content}${page.slice(end)}`;
}

/** The line that begins the region of a group. */
function toMarker(name: string): string {
  return `<!-- bench: ${name} -->\n`;
}

function renderGroup({ figures, topics = [], ...run }: RunOf & GroupResults): string {
  return [renderFigures(figures), ...topics.map(renderTopic), renderRun(run)].join("\n");
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
