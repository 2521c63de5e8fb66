#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { addServeCommand } from "./serve-command.ts";
import { exitCode } from "./exit-code.ts";

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string;
};

const program = new Command("hangar")
  .description("Arrow Flight over Parquet datasets")
  .version(version)
  .exitOverride()
  // One line for what is wrong, its suggestion ("Did you mean …?") included.
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "hangar: ").replace("\n(", " (")) });
addServeCommand(program);

try {
  await program.parseAsync();
} catch (reason) {
  // Commander has said what is wrong by now, or has shown the help that was asked for.
  if (reason instanceof CommanderError) process.exitCode = reason.exitCode === 0 ? exitCode.ok : exitCode.usage;
  else {
    console.error(`hangar: ${reason instanceof Error ? reason.message : String(reason)}`);
    process.exitCode = exitCode.failure;
  }
}
