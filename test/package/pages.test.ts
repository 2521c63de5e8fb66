import { copyFile, cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeVector, Table, Utf8, vectorFromArray } from "apache-arrow";
import type { Browser, Page } from "playwright";
import { build, preview } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mustRun } from "../../scripts/apt.ts";
import { connect } from "../../src/client-node/index.ts";
import { launchChromium } from "../support/chromium.ts";
import { startHangar } from "../support/server.ts";
import { installPackages, packPackage, recipeOutput, type PackedPackage } from "./installed.ts";

const root = join(import.meta.dirname, "../..");
const examples = join(root, "examples");

describe("the recipe in Chromium", () => {
  let packed: PackedPackage;
  let browser: Browser;
  beforeAll(async () => {
    packed = await packPackage();
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await packed?.[Symbol.asyncDispose]();
  });

  test("runs as an app of Vite that installs the package", async () => {
    await using server = await startHangar("--cors-origin", "*");
    // The app's dependency is the tarball in the folder of the project.
    const app = join(packed.path, "examples/vite");
    await cp(join(examples, "vite"), app, { recursive: true });
    await pointTo(server.url, join(app, "recipe.ts"));
    await installPackages(app, "--omit", "dev");
    await mustRun(join(root, "node_modules/.bin/tsc"), ["-p", app]);
    await build({ root: app, logLevel: "warn" });
    expect(await openPage(join(app, "dist"))).toMatch(recipeOutput);
  }, 300_000);

  test("runs in a page with nothing but the bundle beside it", async () => {
    await using server = await startHangar("--cors-origin", "*");
    const folder = join(packed.path, "page");
    await mkdir(folder);
    await copyFile(join(examples, "script-tag/index.html"), join(folder, "index.html"));
    await copyFile(join(root, "dist/browser.min.js"), join(folder, "browser.min.js"));
    await pointTo(server.url, join(folder, "index.html"));
    expect(await openPage(folder)).toMatch(recipeOutput);
  });

  test("plots a dataset in a page with a script tag, which has the client of the server itself", async () => {
    await using server = await startHangar("--cors-origin", "*");
    await putPoints(server);
    const folder = join(packed.path, "plain");
    await mkdir(folder);
    const text = await readFile(join(examples, "browser-app/index.html"), "utf8");
    expect(text.trim().split("\n").length).toBeLessThan(60);
    await writeFile(join(folder, "index.html"), text.replaceAll("http://localhost:8815", server.url));
    expect(await lookAtPlot(folder)).toEqual(["500 rows", "angle", "height"]);
  });

  test("plots a dataset in an app of Vite", async () => {
    await using server = await startHangar("--cors-origin", "*");
    await putPoints(server);
    const app = join(packed.path, "examples/browser-app/vite");
    await cp(join(examples, "browser-app/vite"), app, { recursive: true });
    await pointTo(server.url, join(app, "main.ts"));
    await installPackages(app, "--omit", "dev");
    await mustRun(join(root, "node_modules/.bin/tsc"), ["-p", app]);
    await build({ root: app, logLevel: "warn" });
    expect(await lookAtPlot(join(app, "dist"))).toEqual(["500 rows", "angle", "height"]);
  }, 300_000);

  /** What the page says when it has plotted, once there is colour on its canvas. */
  async function lookAtPlot(folder: string): Promise<string[]> {
    const files = await preview({ build: { outDir: folder }, preview: { host: "127.0.0.1", port: 0 } });
    const page = await browser.newPage();
    try {
      const failed = failureOf(page);
      await page.goto(files.resolvedUrls!.local[0]!);
      await Promise.race([page.locator("output", { hasText: "rows" }).waitFor(), failed]);
      const blue = await page.evaluate<number>(`(() => {
        const canvas = document.querySelector("canvas");
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        let count = 0;
        for (let i = 0; i < data.length; i += 4) if (data[i + 2] > data[i] + 60) count += 1;
        return count;
      })()`);
      expect(blue).toBeGreaterThan(500);
      const words = await page.locator("output").innerText();
      return [words, await page.getByLabel("Across").inputValue(), await page.getByLabel("Up").inputValue()];
    } finally {
      await page.close();
      await files.close();
    }
  }

  /** Serves a folder of static files and gives what its page shows when the program has ended. */
  async function openPage(folder: string): Promise<string> {
    const files = await preview({ build: { outDir: folder }, preview: { host: "127.0.0.1", port: 0 } });
    const page = await browser.newPage();
    try {
      const failed = failureOf(page);
      await page.goto(files.resolvedUrls!.local[0]!);
      const text = page.locator("pre", { hasText: "end" });
      return ((await Promise.race([text.textContent(), failed])) ?? "").replace(/end\n$/, "").trim();
    } finally {
      await page.close();
      await files.close();
    }
  }
});

/** Rejects with the first error that nobody in a page catches, which may come before anybody waits for it. */
function failureOf(page: Page): Promise<never> {
  const failed = new Promise<never>((_resolve, reject) => page.once("pageerror", reject));
  failed.catch(() => {});
  return failed;
}

/** Puts a dataset of two columns of numbers, and one of texts. */
async function putPoints({ location }: { readonly location: string }): Promise<void> {
  const angle = Float64Array.from({ length: 500 }, (_, i) => i / 50);
  const name = vectorFromArray(Array.from(angle, String), new Utf8());
  const client = connect(location);
  await client.put(
    "wave.parquet",
    new Table({ name, angle: makeVector(angle), height: makeVector(angle.map(Math.sin)) }),
  );
  client.close();
}

/** Has a program call the server of the test, and print at its end. */
async function pointTo(url: string, program: string): Promise<void> {
  const text = (await readFile(program, "utf8")).replace("http://localhost:8815", url);
  const end = 'console.log("end");\n';
  await writeFile(program, text.includes("</script>") ? text.replace(/(?=<\/script>\n$)/, end) : text + end);
}

describe("the recipe's programs", () => {
  test("differ by what they import and by the server's address alone", async () => {
    const read = (name: string): Promise<string> => readFile(join(examples, name), "utf8");
    const program = (text: string): string =>
      text.replace(/.*client = connect[^\n]*\n\n/s, "").replaceAll(/^ {2}|<\/script>\n/gm, "");
    const expected = program(await read("recipe.ts"));
    expect(expected).toContain("client.drop");
    expect(program(await read("vite/recipe.ts"))).toBe(expected);
    expect(program(await read("script-tag/index.html"))).toBe(expected);
  });
});
