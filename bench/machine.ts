import { cpus, release, totalmem } from "node:os";

/** Describes the machine and the versions that a run depends on, in one line. */
export function describeMachine(pyarrowVersion: string): string {
  const processors = cpus();
  const model = processors[0]?.model.trim() ?? "unknown processor";
  const memory = `${(totalmem() / 1e9).toFixed(0)} GB of memory`;
  return `${processors.length} cores (${model}), ${memory}, Linux ${release()}, Node ${process.versions.node}, pyarrow ${pyarrowVersion}`;
}
