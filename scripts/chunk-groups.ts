import type { CodeSplittingGroup, OutputChunk } from "rolldown";

/**
 * Returns the groups of modules that become one file each, so that a command loads few files. Without them, each set of
 * commands that share a module has a file of its own.
 *
 * A group has only modules that whoever loads it needs, or another command of the same kind. It imports no later group.
 *
 * @param chunks - the program as rolldown splits it without groups
 */
export function findChunkGroups(chunks: readonly OutputChunk[]): CodeSplittingGroup[] {
  const entries = new Set(chunks.map(({ facadeModuleId }) => facadeModuleId));
  const reach = (...names: string[]): ReadonlySet<string> => findReached(chunks, names);
  const client = reach("cli/list.js", "cli/get.js");
  const groups = {
    start: reach("cli/main.js"),
    flags: reach("cli/program.js"),
    frames: reach("parquet/workers/worker.js").intersection(client),
    rpc: reach("cli/serve.js").intersection(client),
    client,
  };
  return Object.entries(groups).map(([name, modules], index, all) => ({
    name,
    priority: all.length - index,
    test: (id) => modules.has(id) && !entries.has(id),
    // All that it needs is in it already, or in a group before.
    includeDependenciesRecursively: false,
  }));
}

/** Returns the modules that entries load with their own file and those that it imports. */
function findReached(chunks: readonly OutputChunk[], names: readonly string[]): ReadonlySet<string> {
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  const reached = new Set<OutputChunk>();
  const visit = (chunk: OutputChunk | undefined): void => {
    // Packages that stay outside are no chunks.
    if (chunk === undefined || reached.has(chunk)) return;
    reached.add(chunk);
    for (const name of chunk.imports) visit(byName.get(name));
  };
  for (const name of names) {
    const entry = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith(`/dist/${name}`));
    if (entry === undefined) throw new Error(`${name} is not an entry of the bundle`);
    visit(entry);
  }
  return new Set([...reached].flatMap(({ moduleIds }) => moduleIds));
}
