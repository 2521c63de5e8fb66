import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright";
import { createToken, hashPassword } from "../src/auth/index.ts";
import { launchChromium } from "../test/support/chromium.ts";
import { createTemporaryFolder } from "../test/support/folder.ts";
import { startHangar } from "../test/support/server.ts";
import { unfold } from "../test/web/unfold.ts";
import { animatePng } from "./animate-png.ts";
import { mustRun } from "./apt.ts";
import { ensurePython } from "./python.ts";

/** What is pictured: where it is, and what is done there until it can be; files of its own go into the folder. */
interface Shot {
  readonly name: string;
  readonly path: string;
  /** Which of the servers; by default the one with datasets. */
  readonly server?: "empty" | "sign-in";
  prepare(page: Page, folder: string): Promise<unknown>;
}

const rides = "/?dataset=nyc/rides.parquet";

/** Whatever is done, the rows in view have come. */
async function rowsAreHere(page: Page): Promise<void> {
  await page.locator(".data-table tbody td[aria-busy=false]").first().waitFor();
}

const shots: readonly Shot[] = [
  { name: "list", path: "/", prepare: async (page) => await page.getByRole("link", { name: "places" }).waitFor() },
  {
    name: "folder",
    path: "/?folder=sales",
    prepare: async (page) => await page.getByRole("link", { name: "q4-europe" }).waitFor(),
  },
  {
    name: "empty",
    path: "/",
    server: "empty",
    prepare: async (page) => await page.getByRole("heading", { name: "No datasets yet" }).waitFor(),
  },
  {
    name: "sign-in",
    path: "/",
    server: "sign-in",
    prepare: async (page) => await page.getByLabel("User name").waitFor(),
  },
  {
    name: "rows",
    path: `${rides}&filter=fare > 20 and vendor in ('CMT', 'DDS')`,
    prepare: async (page) => {
      await rowsAreHere(page);
      await page.getByText(/rows meet the filter ·/).waitFor();
    },
  },
  {
    name: "use",
    path: `${rides}&column=pickup&column=vendor&column=fare&filter=fare > 20 and vendor in ('CMT', 'DDS')`,
    prepare: async (page) => {
      await rowsAreHere(page);
      await unfold(page, "Actions");
      await page.getByRole("button", { name: "Use this data" }).click();
      await page.getByRole("dialog").locator("pre").waitFor();
    },
  },
  {
    name: "cell",
    path: "/?dataset=places.parquet",
    prepare: async (page) => {
      await rowsAreHere(page);
      await page.locator("td", { hasText: "Lima" }).dblclick();
      await page.getByRole("dialog").locator("pre").waitFor();
    },
  },
  {
    name: "columns",
    path: `${rides}&tab=columns`,
    prepare: async (page) => {
      await page.getByText(/Statistics of a sample.* Null counts/).waitFor();
    },
  },
  {
    name: "schema",
    path: "/?dataset=places.parquet&tab=schema",
    prepare: async (page) => await page.getByText("1 row group ·").waitFor(),
  },
  {
    name: "plot",
    path: "/?dataset=weather.parquet&tab=plot&x=time&y=temperature&colour=station",
    prepare: async (page) => await page.locator(".figure-svg").waitFor(),
  },
  {
    name: "heat-map",
    path: `${rides}&tab=plot&x=distance&y=fare&filter=distance < 30`,
    prepare: async (page) => await page.locator(".figure-svg").waitFor(),
  },
  {
    name: "upload",
    path: "/",
    prepare: async (page, folder) => {
      // By path: the bytes of a file of this size take long into the browser.
      const file = async (name: string, start: string, size: number): Promise<string> => {
        const path = join(folder, name);
        await writeFile(path, Buffer.concat([Buffer.from(start)], size));
        return path;
      };
      const files = [
        await file("flights-2026-11.arrow", "ARROW1\0\0", 48_200_000),
        await file("airports.parquet", "PAR1", 1_230_000),
      ];
      await page.getByRole("link", { name: "places" }).waitFor();
      await page.setInputFiles("input[type=file]", files);
    },
  },
];

/** The pictures that the README shows one after the other, and how long each of them, in milliseconds. */
const tour = { names: ["list", "rows", "columns", "plot", "use"], delayMs: 2500 } as const;

const widths = { wide: { width: 1280, height: 720 }, narrow: { width: 390, height: 720 } } as const;

/** A configuration with every way to sign in. The provider is not called. */
async function signInConfig(): Promise<string> {
  return `[oidc]
issuer = "https://id.example"
client-id = "hangar"
[[users]]
name = "ann"
password = "${await hashPassword("open sesame")}"
[[tokens]]
name = "etl"
sha256 = "${createToken().sha256}"
[[rules]]
subjects = ["*"]
rights = ["read"]
datasets = ["**"]
`;
}

/** Makes the pictures of docs/screenshots: every view, light and dark, wide and narrow; of some views, by their names. */
async function main(names: string[]): Promise<void> {
  const folder = join(import.meta.dirname, "../docs/screenshots");
  await mkdir(folder, { recursive: true });
  await using server = await startHangar();
  await using emptyServer = await startHangar();
  await using configFolder = await createTemporaryFolder();
  const config = join(configFolder.path, "hangar.toml");
  await writeFile(config, await signInConfig());
  await using signInServer = await startHangar("--config", config);
  const servers = { full: server, empty: emptyServer, "sign-in": signInServer };
  await mustRun(await ensurePython(), [join(import.meta.dirname, "screenshots.py"), server.repo]);
  const browser = await launchChromium();
  try {
    for (const shot of shots.filter(({ name }) => names.length === 0 || names.includes(name))) {
      for (const colorScheme of ["light", "dark"] as const) {
        for (const [width, viewport] of Object.entries(widths)) {
          const page = await browser.newPage({ viewport, colorScheme });
          await page.goto(servers[shot.server ?? "full"].url + shot.path);
          await shot.prepare(page, configFolder.path);
          // What fades in has done so.
          await page.waitForTimeout(500);
          await page.screenshot({ path: join(folder, `${shot.name}-${colorScheme}-${width}.png`) });
          await page.close();
        }
      }
    }
  } finally {
    await browser.close();
  }
  const pictures = tour.names.map((name) => readFile(join(folder, `${name}-light-wide.png`)));
  await writeFile(join(folder, "tour.png"), animatePng(await Promise.all(pictures), tour.delayMs));
}

await main(process.argv.slice(2));
