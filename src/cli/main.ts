#!/usr/bin/env node
/*
 * The program starts here, on any Node: this file uses only what Node 18 has, and loads the rest once the version is
 * known to suit. Otherwise an old Node ends with a SyntaxError that does not say why.
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
