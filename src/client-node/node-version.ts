/*
 * This file uses only features of Node 18, and imports nothing, so that it runs on any version of Node.
 */

/** The oldest supported version of Node, as in the field `engines` of package.json. */
export const nodeVersionMin = "22.15";

/** Returns what is wrong with the version of Node; undefined if it is new enough, or another runtime. */
export function findVersionProblem(versions: NodeJS.ProcessVersions): string | undefined {
  if (versions["bun"] !== undefined || versions["deno"] !== undefined) return undefined;
  const [major = 0, minor = 0] = versions.node.split(".").map(Number);
  const [majorMin = 0, minorMin = 0] = nodeVersionMin.split(".").map(Number);
  if (major > majorMin || (major === majorMin && minor >= minorMin)) return undefined;
  return `hangar: Node ${nodeVersionMin} or newer is needed; this is Node ${versions.node}`;
}
