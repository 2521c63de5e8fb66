import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { expect, test } from "vitest";
import { groupNames } from "../../bench/programs.ts";
import { readResults, renderDocument, topicsOf } from "../../bench/results.ts";
import { renderPlot } from "../../bench/plot.ts";

const docs = join(import.meta.dirname, "../../docs");

test("docs/performance.md shows the saved results of the bench", async () => {
  const file = join(docs, "performance.md");
  const document = await readFile(file, "utf8");
  const rendered = renderDocument(document, await readResults());
  expect(rendered).toBe(document);
  expect(await format(rendered, { ...(await resolveConfig(file)), parser: "markdown" })).toBe(rendered);
});

test("the plots of docs/performance.md show the saved results of the bench", async () => {
  for (const topic of topicsOf(await readResults())) {
    const plot = await readFile(join(docs, "performance", `${topic.name}.svg`), "utf8");
    expect(plot).toBe(renderPlot(topic));
  }
});

test.each(groupNames.all.map((name) => [name]))(
  "docs/performance.md has a place for the results of %s",
  async (name) => {
    expect(await readFile(join(docs, "performance.md"), "utf8")).toContain(`<!-- bench: ${name} -->\n\n`);
  },
);
