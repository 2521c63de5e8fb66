#!/usr/bin/env node
/*
 * The entry of the program, for any version of Node. This file uses only features of Node 18, and loads the rest after
 * a check of the version. Otherwise an old Node would fail with a SyntaxError that does not state the reason.
 */
import module from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";
import { findVersionProblem } from "../client-node/node-version.ts";

const problem = findVersionProblem(process.versions);
if (problem !== undefined) {
  console.error(problem);
  process.exitCode = 1;
} else {
  keepCompiledCode();
  await import("./program.ts");
}

/** Keeps the compiled code in the user's cache folder, so that the next start is faster. */
function keepCompiledCode(): void {
  try {
    const cacheFolder = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
    module.enableCompileCache(join(cacheFolder, "hangar", "compiled"));
  } catch {
    // A user without a home folder.
  }
}
