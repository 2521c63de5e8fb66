import { readFile, writeFile } from "node:fs/promises";

/** The unit of CPU time in /proc, in milliseconds, on every Linux. Source: proc(5), sysconf(_SC_CLK_TCK). */
const tickMs = 10;

/** Resets the peak memory of a process, so that the next one read belongs to what follows. */
export async function resetPeakMemory(pid: number): Promise<void> {
  await writeFile(`/proc/${pid}/clear_refs`, "5");
}

/** Returns the most memory that a process had resident since the last reset, in bytes (VmHWM of Linux). */
export async function readPeakMemory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kibibytes === undefined) throw new Error(`process ${pid} has no VmHWM`);
  return Number(kibibytes) * 1024;
}

/** Returns the CPU time that a process and its children have used, in milliseconds. */
export async function readCpuMs(pid: number): Promise<number> {
  // The name of the program, in parentheses, may contain spaces.
  const fields = (await readFile(`/proc/${pid}/stat`, "utf8")).replace(/^.*\) /s, "").split(" ");
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, "utf8")).split(" ").filter(Boolean);
  const ofChildren = await Promise.all(children.map((child) => readCpuMs(Number(child))));
  return ofChildren.reduce((sum, cpuMs) => sum + cpuMs, tickMs * (Number(fields[11]) + Number(fields[12])));
}
