import { readFile } from "node:fs/promises";

/** Clock ticks per second in /proc, on every Linux. Source: proc(5), sysconf(_SC_CLK_TCK). */
const ticksPerSecond = 100;

/**
 * Returns the processor time that a process and its children have used, in seconds. On a busy machine it says more than
 * the time that passes.
 */
export async function readCpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  // The name of the program, in parentheses, may contain spaces.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const own = (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, "utf8")).split(" ").filter(Boolean);
  const ofChildren = await Promise.all(children.map((child) => readCpuSeconds(Number(child))));
  return ofChildren.reduce((sum, seconds) => sum + seconds, own);
}
