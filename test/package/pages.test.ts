import { copyFile, cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright";
import { build, preview } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mustRun } from "../../scripts/apt.ts";
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

  /** Serves a folder of static files and gives what its page shows when the program has ended. */
  async function openPage(folder: string): Promise<string> {
    const files = await preview({ build: { outDir: folder }, preview: { host: "127.0.0.1", port: 0 } });
    const page = await browser.newPage();
    try {
      const failed = new Promise<never>((_resolve, reject) => page.once("pageerror", reject));
      await page.goto(files.resolvedUrls!.local[0]!);
      const text = page.locator("pre", { hasText: "end" });
      return ((await Promise.race([text.textContent(), failed])) ?? "").replace(/end\n$/, "").trim();
    } finally {
      await page.close();
      await files.close();
    }
  }
});

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
