import { chmod, copyFile, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { tableFromArrays } from "apache-arrow";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findProgram, installFromApt, mustRun } from "../../scripts/apt.ts";
import { connect } from "../../src/client-node/index.ts";
import { packPackage, type PackedPackage } from "../package/installed.ts";
import { startChild } from "../support/child.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../support/folder.ts";
import { hangarProgram } from "../support/server.ts";

const root = join(import.meta.dirname, "../..");

describe("the systemd unit", () => {
  let folder: TemporaryFolder;
  let unit: string;
  let text: string;
  beforeAll(async () => {
    if (findProgram("systemd-analyze") === undefined) await installFromApt(["systemd"]);
    folder = await createTemporaryFolder();
    await writeFile(join(folder.path, "hangar"), `#!/bin/sh\nexec "${process.execPath}" "${hangarProgram}" "$@"\n`, {
      mode: 0o755,
    });
    const original = await readFile(join(root, "deploy/hangar.service"), "utf8");
    text = original.replace("/usr/local/bin/hangar", join(folder.path, "hangar"));
    unit = join(folder.path, "hangar.service");
    await writeFile(unit, text);
  }, 300_000);
  afterAll(() => folder[Symbol.asyncDispose]());

  test("is correct, and leaves little that an attacker could reach", async () => {
    expect(await mustRun("systemd-analyze", ["verify", "--man=no", unit])).toBe("");
    // The scale is from 0, the safest, to 100.
    const limit = ["--offline=true", "--no-pager", "--threshold=15"];
    expect(await mustRun("systemd-analyze", ["security", ...limit, unit])).toContain("exposure level");
  });

  test("has a command that serves the state folder with the configuration", async () => {
    const [, command = ""] = /^ExecStart=(.*)$/m.exec(text) ?? [];
    await writeFile(join(folder.path, "hangar.toml"), "port = 0\n");
    const state = join(folder.path, "state");
    const env = { STATE_DIRECTORY: state, CREDENTIALS_DIRECTORY: folder.path };
    await using server = startChild("bash", ["-c", `exec ${command}`], env);
    const [, served] = await server.waitFor(/Hangar serves (.*): Flight/);
    expect(served).toBe(state);
    server.kill("SIGTERM");
    expect(await server.exit()).toMatchObject({ exitCode: 0 });
  });
});

describe("the Dockerfile, whose steps are run in an empty folder", () => {
  let packed: PackedPackage;
  let folder: TemporaryFolder;
  let instructions: { readonly name: string; readonly text: string }[];
  const argumentsOf = (name: string): string => instructions.find((each) => each.name === name)?.text ?? "";
  const commandOf = (name: string): string[] => JSON.parse(/\[.*\]/.exec(argumentsOf(name))?.[0] ?? "") as string[];
  let env: NodeJS.ProcessEnv;

  beforeAll(async () => {
    packed = await packPackage();
    folder = await createTemporaryFolder();
    await chmod(folder.path, 0o755);
    await mkdir(join(folder.path, "bin"));
    await copyFile(process.execPath, join(folder.path, "bin/node"));
    const data = join(folder.path, "data");
    const lines = (await readFile(join(root, "Dockerfile"), "utf8")).replaceAll("\\\n", "").replaceAll("/data", data);
    instructions = [...lines.matchAll(/^([A-Z]+) (.*)$/gm)].map(([, name = "", text = ""]) => ({ name, text }));
    env = {
      PATH: `${join(folder.path, "bin")}${delimiter}${process.env["PATH"]}`,
      npm_config_prefix: folder.path,
      npm_config_prefer_offline: "true",
      PACKAGE: packed.tarball,
    };
    for (const { name, text } of instructions) {
      if (name === "ENV") for (const [, key = "", value] of text.matchAll(/(\S+)=(\S+)/g)) env[key] = value;
      if (name !== "RUN") continue;
      // The user of the image stands for any user without rights.
      const step = text
        .replace(/^--mount=\S+ /, "")
        .replace("--owner=node --group=node", "--owner=nobody --group=nogroup");
      await mustRun("bash", ["-e", "-c", step], env);
    }
  }, 300_000);
  afterAll(async () => {
    await folder[Symbol.asyncDispose]();
    await packed[Symbol.asyncDispose]();
  });

  test("installs the version of this package", async () => {
    const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string };
    expect(argumentsOf("ARG")).toBe(`PACKAGE=hangar@${version}`);
    expect((await mustRun("hangar", ["--version"], env)).trim()).toBe(version);
    expect((await stat(join(folder.path, "data"))).mode & 0o777).toBe(0o700);
  });

  test("serves as an unprivileged user that can write only the data, and is healthy", async () => {
    expect(argumentsOf("USER")).toBe("node");
    const asNobody = ["--reuid=nobody", "--regid=nogroup", "--clear-groups", "--no-new-privs"];
    const serve = [...commandOf("ENTRYPOINT"), ...commandOf("CMD")];
    const variables = { ...env, HOME: "/nonexistent", HANGAR_PORT: "0" };
    await using refused = startChild("setpriv", [...asNobody, ...serve], variables);
    expect(await refused.exit()).toMatchObject({ exitCode: 2 });
    expect(refused.output()).toContain("lets other machines call");
    await using server = startChild("setpriv", [...asNobody, ...serve], { ...variables, HANGAR_ANONYMOUS: "all" });
    const [, port = ""] = await server.waitFor(/grpc:\/\/[^:]+:(\d+)/);
    const client = connect(`grpc://127.0.0.1:${port}`);
    await client.put("cities", tableFromArrays({ city: ["Lima"] }));
    client.close();
    const [program = "", ...args] = commandOf("HEALTHCHECK");
    await mustRun(
      program,
      args.map((each) => each.replace("8815", port)),
      env,
    );
    server.kill("SIGTERM");
    expect(await server.exit()).toMatchObject({ exitCode: 0 });
  });
});
