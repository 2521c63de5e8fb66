#!/usr/bin/env node
/*
 * The entry of the program, for any version of Node. This file uses only features of Node 18, and loads the rest after
 * a check of the version. Otherwise an old Node would fail with a SyntaxError that does not state the reason.
 */
import { findVersionProblem } from "../client-node/node-version.ts";
import { keepCompiledCode } from "./compiled-code.ts";
import { restartForServe } from "./restart-for-serve.ts";

const problem = findVersionProblem(process.versions);
if (problem !== undefined) {
  console.error(problem);
  process.exitCode = 1;
} else {
  if (process.argv[2] === "serve") restartForServe();
  keepCompiledCode();
  await import("./program.ts");
}
