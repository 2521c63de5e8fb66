import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import { expect, test } from "vitest";
import { checkConfig } from "../../../../src/cli/config/check-config.ts";
import { addServeCommand } from "../../../../src/cli/serve-command.ts";
import { createTemporaryFolder } from "../../../support/folder.ts";

const rule = `[[rules]]\nsubjects = ["*"]\nrights = ["read"]\ndatasets = ["**"]\n`;
const provider = `[oidc]\nissuer = "https://id.example"\nclient-id = "hangar"\n`;

test.each([
  ["nothing", "", "; without credentials, callers may do everything"],
  ["one line", `anonymous = "read"\n`, "; without credentials, callers may do nothing but read"],
  ["an OpenID provider", provider + rule, ": 1 OpenID provider, 1 rule; without credentials, callers may do nothing"],
])("the summary of a configuration with %s", async (_, toml, summary) => {
  await using folder = await createTemporaryFolder();
  const path = join(folder.path, "hangar.toml");
  await writeFile(path, toml);
  const program = new Command();
  addServeCommand(program);
  expect(checkConfig(path, program.commands[0]!)).toBe(`${path} is valid${summary}`);
});
