import type { Page } from "playwright";
import { expect, test } from "vitest";
import { waitUntil } from "../support/wait.ts";
import { useApp } from "./app.ts";
import { focusName, hear, openForKeys, tabTo, waitForFocus } from "./keyboard.ts";

const app = useApp(
  [],
  `pq.write_table(pa.table({"day": range(64), "temp": [i * i % 10 / 2 for i in range(64)],
    "city": ["Oslo", "Lima", "Bern", "Rome"] * 16, "two": [i % 2 for i in range(64)], "three": [i % 3 for i in range(64)]}), "days.parquet")`,
);

/** Opens a chart and goes to its marks by Tab. */
async function openPlot(query: string, name: string): Promise<Page> {
  const page = await openForKeys(app, `/?tab=plot&dataset=days.parquet&${query}`);
  await page.getByRole("img", { name, exact: true }).locator(".figure-svg").waitFor();
  await tabTo(page, `Values of ${name}`);
  return page;
}

test("the points of a plot are walked by arrows, and each is told and shown", async () => {
  const page = await openPlot("x=day&y=temp", "Points of temp by day");
  await page.keyboard.press("ArrowRight");
  await hear(page, "day: 0, temp: 0. 1 of 64");
  await page.keyboard.press("ArrowRight");
  await hear(page, "day: 1, temp: 0.5. 2 of 64");
  await expect.poll(() => page.locator(".figure-mark").innerText()).toBe("day: 1\ntemp: 0.5");
  await page.keyboard.press("End");
  await hear(page, "day: 63, temp: 4.5. 64 of 64");
  await page.keyboard.press("PageUp");
  await hear(page, "day: 53, temp: 4.5. 54 of 64");
  await page.context().close();
});

test("plus and minus look closer and less close around the mark, 0 shows all, and the plot keeps the focus", async () => {
  const page = await openPlot("x=day&y=temp&chart=points", "Points of temp by day");
  for (let i = 0; i < 4; i++) await page.keyboard.press("PageDown");
  await hear(page, "day: 40,");
  await page.keyboard.press("+");
  await waitUntil("a part is shown", () => new URL(page.url()).searchParams.get("zoom") === "24.25_55.75");
  await hear(page, "31 marks shown");
  await waitForFocus(page, "Values of Points of temp by day");
  await page.keyboard.press("ArrowRight");
  await hear(page, /day: 40, .*16 of 31/);
  await page.keyboard.press("-");
  await waitUntil("twice as much is shown", () => new URL(page.url()).searchParams.get("zoom") === "8.5_71.5");
  await waitForFocus(page, "Values of Points of temp by day");
  await page.keyboard.press("0");
  await waitUntil("all is shown", () => !page.url().includes("zoom="));
  await hear(page, "64 marks shown");
  await waitForFocus(page, "Values of Points of temp by day");
  await page.context().close();
});

test("bars, boxes, cells and lines are walked too", async () => {
  const page = await openPlot("x=city&y=temp", "Bars of city");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await hear(page, "Lima, 16 rows. 2 of 4");
  for (const [query, name, key, told] of [
    ["x=city&y=temp&chart=box", "Boxes of temp by city", "End", /^Rome, median .* 16 rows\. 4 of 4$/],
    ["x=two&y=three&chart=heat", "Heat map of three by two", "ArrowUp", "two: 0, three: 1, 10 rows. 2 of 6"],
    ["x=day&y=temp&chart=line", "Line of temp by day", "ArrowRight", "day: 1, temp: 0.5. 2 of 64"],
  ] as const) {
    await page.goto(`${app.server.url}/?tab=plot&dataset=days.parquet&${query}`);
    await page.getByRole("img", { name, exact: true }).locator(".figure-svg").waitFor();
    await page.evaluate("window.heard = []");
    await tabTo(page, `Values of ${name}`);
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press(key);
    await waitUntil("the mark is told", async () =>
      (await page.locator(".unseen[role=status]").allInnerTexts()).some((text) =>
        typeof told === "string" ? text === told : told.test(text),
      ),
    );
  }
  await expect.poll(() => focusName(page)).toBe("Values of Line of temp by day");
  await page.context().close();
});

test("the page complains of nothing", () => {
  expect(app.complaints).toEqual([]);
});
