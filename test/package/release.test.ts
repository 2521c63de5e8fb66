import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { mustRun } from "../../scripts/apt.ts";
import { releaseDate, releaseNotes } from "../../scripts/changelog.ts";
import { ensureGoTool } from "../../scripts/go-tools.ts";

const root = join(import.meta.dirname, "../..");
const read = (name: string): Promise<string> => readFile(join(root, name), "utf8");
const manifest = JSON.parse(await read("package.json")) as {
  version: string;
  repository: { url: string };
  homepage: string;
  bugs: string;
};
const repository = manifest.repository.url.replace(/^git\+https:\/\/[^/]+\/|\.git$/g, "");
const release = (...args: string[]): Promise<string> =>
  mustRun(process.execPath, [join(root, "scripts/release.ts"), ...args]);

describe("a release", () => {
  test("has one version in the package, the changelog and the examples", async () => {
    const { version } = manifest;
    expect(releaseDate(await read("CHANGELOG.md"), version)).toMatch(/^\d{4}-\d\d-\d\d$/);
    for (const example of ["examples/vite", "examples/browser-app/vite"]) {
      expect(await read(`${example}/package.json`)).toContain(`hangar-${version}.tgz`);
    }
  });

  test("has one address in the package and the changelog", async () => {
    for (const url of [manifest.homepage, manifest.bugs]) expect(url).toContain(`/${repository}`);
    expect(await read("CHANGELOG.md")).toContain(`/${repository}/releases/tag/v${manifest.version}`);
  });

  test("is checked by the workflow before anything is published", async () => {
    const tag = `v${manifest.version}`;
    expect(await release("check", tag, repository)).toContain(`${tag} of `);
    expect(await release("notes", tag)).toMatch(/^### Added\n/);
    await expect(release("check", "v99.0.0", repository)).rejects.toThrow("the tag v99.0.0 is not");
    await expect(release("check", tag, "other/place")).rejects.toThrow("not other/place");
  });

  test("has a workflow that actionlint finds correct", async () => {
    const workflow = join(root, ".github/workflows/release.yml");
    await mustRun(await ensureGoTool("actionlint"), ["-shellcheck=", "-pyflakes=", workflow]);
    // Building the tool takes a while, once.
  }, 900_000);
});

describe("the changelog", () => {
  const text =
    "# C\n\n## [Unreleased]\n\n- c\n\n## [0.2.0] - 2026-01-02\n\n- b\n\n## [0.1.0] - 2026-01-01\n\n- a\n\n[0.1.0]: x\n";

  test("is divided into releases", () => {
    expect([releaseNotes(text, "0.2.0"), releaseNotes(text, "0.1.0")]).toEqual(["- b", "- a"]);
    expect(releaseDate(text, "0.1.0")).toBe("2026-01-01");
    expect(() => releaseDate(text, "0.3.0")).toThrow("no heading for version 0.3.0");
    expect(() => releaseNotes(text, "0.3.0")).toThrow("no heading for version 0.3.0");
  });

  test("has only the sections of Keep a Changelog", async () => {
    const sections = [...(await read("CHANGELOG.md")).matchAll(/^### (.*)$/gm)].map(([, name]) => name);
    const known = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"];
    expect(sections.filter((name) => !known.includes(name ?? ""))).toEqual([]);
  });
});
