#!/usr/bin/env node
/*
 * The entry of the program, for any version of Node. This file uses only features of Node 18, and loads the rest after
 * a check of the version. Otherwise an old Node would fail with a SyntaxError that does not state the reason.
 */
import { readFileSync } from "node:fs";

const { engines } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  engines: { node: string };
};
const needed = engines.node.replace(">=", "");
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const [majorMin = 0, minorMin = 0] = needed.split(".").map(Number);

if (major < majorMin || (major === majorMin && minor < minorMin)) {
  console.error(`hangar: Node ${needed} or newer is needed; this is Node ${process.versions.node}`);
  process.exitCode = 1;
} else {
  await import("./program.ts");
}
