import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensurePrograms, mustRun } from "../../scripts/apt.ts";
import { createProgram } from "../../src/cli/create-program.ts";
import manifest from "../../package.json" with { type: "json" };
import { examplesOf, visibleCommands } from "../../src/cli/help/examples.ts";
import { toManPage } from "../../src/cli/help/man-page.ts";

describe("the manual page", () => {
  const program = createProgram();
  const page = toManPage(program, { version: "1.2.3", date: "2026-01-02" });
  let folder: string;
  beforeAll(async () => {
    await ensurePrograms(["mandoc"]);
    folder = await mkdtemp(join(tmpdir(), "hangar-man-"));
    await writeFile(join(folder, "hangar.1"), page);
    // The first use of apt takes a while.
  }, 300_000);
  afterAll(() => rm(folder, { recursive: true }));

  test("is roff that mandoc finds correct", async () => {
    expect(await mustRun("mandoc", ["-T", "lint", "-W", "warning", join(folder, "hangar.1")])).toBe("");
  });

  test("is in an array in package.json, because npm 11 links no other", () => {
    expect(manifest.man).toEqual(["./dist/hangar.1"]);
  });

  test("shows every command with its flags and examples", async () => {
    const shown = await mustRun("mandoc", ["-T", "utf8", "-O", "width=500", join(folder, "hangar.1")]);
    // A backspace between two letters makes them bold on a terminal.
    const text = shown.replaceAll(/.[\b]/g, "");
    expect(text).toContain("hangar 1.2.3");
    for (const command of visibleCommands(program)) {
      expect(text).toContain(`hangar ${command.name()}`);
      for (const { long } of command.options) expect(text).toContain(long);
      if (command.commands.length === 0) for (const [line] of examplesOf(command)) expect(text).toContain(line);
    }
    expect(text).toContain("HANGAR_TOKEN_FILE");
  });
});
