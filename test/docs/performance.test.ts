import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { expect, test } from "vitest";
import { groupNames } from "../../bench/programs.ts";
import { pageNames, readPages, readResults, renderPages, topicsOf } from "../../bench/results.ts";
import { renderPlot } from "../../bench/plot.ts";

const docs = join(import.meta.dirname, "../../docs");

test.each(pageNames)("docs/%s shows the saved results of the bench", async (name) => {
  const pages = await readPages();
  const rendered = renderPages(pages, await readResults());
  const [before, after] = [pages, rendered].map((all) => all.find((page) => page.name === name)!.text);
  expect(after).toBe(before);
  const style = await resolveConfig(join(docs, name));
  expect(await format(after!, { ...style, parser: "markdown" })).toBe(after);
});

test("the plots of docs show the saved results of the bench", async () => {
  for (const topic of topicsOf(await readResults())) {
    const plot = await readFile(join(docs, "performance", `${topic.name}.svg`), "utf8");
    expect(plot).toBe(renderPlot(topic));
  }
});

test.each(groupNames.all.map((name) => [name]))("one page has a place for the results of %s", async (name) => {
  const marker = `<!-- bench: ${name} -->\n\n`;
  expect((await readPages()).filter(({ text }) => text.includes(marker))).toHaveLength(1);
});
