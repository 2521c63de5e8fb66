import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import { parse } from "smol-toml";
import { expect, test } from "vitest";
import { createToken, hashPassword } from "../../src/auth/index.ts";
import { parseConfig } from "../../src/cli/config/config-file.ts";
import { addServeCommand } from "../../src/cli/serve-command.ts";
import { connect } from "../../src/client-node/index.ts";
import { tableFromArrays } from "apache-arrow";
import { runHangar } from "../cli/run-hangar.ts";
import { createCertificate } from "../support/certificate.ts";
import { startChild } from "../support/child.ts";
import { createTemporaryFolder } from "../support/folder.ts";
import { hangarProgram } from "../support/server.ts";
import { readFences } from "./fences.ts";

const [example] = readFences("docs/config.md").filter(({ language }) => language === "toml");
const documented = readFileSync(join(import.meta.dirname, "../../docs/config.md"), "utf8");

test("the example of docs/config.md is a server that asks who calls", async () => {
  await using folder = await createTemporaryFolder();
  const [{ cert, key }, { token, sha256 }] = [await createCertificate(), createToken()];
  const files = {
    "tls.crt": cert,
    "tls.key": key,
    "session.key": Buffer.alloc(32, 1).toString("base64"),
    "ann.password": await hashPassword("open sesame"),
    "hangar.toml": example!.text.replace(/[0-9a-f]{64}/, sha256),
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder.path, name), content);
  const checked = await runHangar(["config", "check", "hangar.toml"], { url: "", cwd: folder.path });
  expect(checked).toEqual({
    exitCode: 0,
    stdout: "hangar.toml is valid: 1 token, 1 user, 3 rules; without credentials, callers may do nothing\n",
    stderr: "",
  });
  const args = ["serve", "--config", join(folder.path, "hangar.toml"), "--host", "127.0.0.1", "--port", "0"];
  await using child = startChild(process.execPath, [hangarProgram, ...args]);
  const [url] = await child.waitFor(/grpc\+tls:\/\/127\.0\.0\.1:\d+/);
  const tls = { ca: cert };
  const etl = connect(url, { tls, token });
  const ann = connect(url, { tls, username: "ann", password: "open sesame" });
  const nobody = connect(url, { tls });
  try {
    await etl.put("sales/2026", tableFromArrays({ n: [1, 2] }));
    expect(await ann.info("sales/2026")).toMatchObject({ rowCount: 2 });
    await expect(ann.put("sales/2026", tableFromArrays({ n: [1] }))).rejects.toMatchObject({
      code: "permission_denied",
    });
    await expect(nobody.info("sales/2026")).rejects.toMatchObject({ code: "unauthenticated" });
  } finally {
    for (const client of [etl, ann, nobody]) client.close();
  }
});

/** The keys of each table of docs/config.md, with their examples, by the table that they are keys of. */
function readExamples(): [table: string, key: string, example: string][] {
  const sections = documented.slice(documented.indexOf("## Access")).split(/^\*\*`(\[.*?\])`\*\*/m);
  return sections.flatMap((text, index) => {
    const table = index === 0 ? "" : (sections[index - 1] ?? "");
    if (index % 2 === 1) return [];
    const rows = text.matchAll(/^\| `([a-z0-9-]+)` .*\| `(.*)` +\|$/gm);
    return [...rows].map(([, key = "", value = ""]): [string, string, string] => [table, key, value]);
  });
}

test.each(readExamples())("%s %s is a key, and its example is TOML: %s", (table, key, value) => {
  expect(() => parse(`${key} = ${value}`)).not.toThrow();
  const { options } = addServeCommand(new Command());
  const complaint = (): string => {
    try {
      parseConfig(`${table}\n${key} = ${value}`, "hangar.toml", options);
      return "";
    } catch (reason) {
      return (reason as Error).message;
    }
  };
  // Something else may be missing.
  expect(complaint()).not.toContain("is not a known key");
});
