import { mkdir, rmdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Where Linux has the control groups of CPU time. */
const roots = { v1: "/sys/fs/cgroup/cpu", v2: "/sys/fs/cgroup" };

/** The time in which a process may use its share, in microseconds. It is short, so that pauses are short, too. */
const periodUs = 50_000;

/**
 * Limits the CPU time of a process and all of its threads, with a control group of its own.
 *
 * @param share - the cores that it may use, such as 0.2
 * @returns a disposable that ends the limit
 * @throws Error if this user may not make control groups
 */
export async function capCpu(pid: number, share: number): Promise<AsyncDisposable> {
  const isV1 = await stat(roots.v1).then(
    () => true,
    () => false,
  );
  const root = isV1 ? roots.v1 : roots.v2;
  const group = join(root, `hangar-bench-${pid}`);
  const quotaUs = Math.round(share * periodUs);
  try {
    await mkdir(group);
    if (isV1) {
      await writeFile(join(group, "cpu.cfs_period_us"), String(periodUs));
      await writeFile(join(group, "cpu.cfs_quota_us"), String(quotaUs));
    } else {
      await writeFile(join(group, "cpu.max"), `${quotaUs} ${periodUs}`);
    }
    await writeFile(join(group, "cgroup.procs"), String(pid));
  } catch (cause) {
    await rmdir(group).catch(() => {});
    throw new Error("the CPU time of a process cannot be limited: it needs root and the cpu control group", { cause });
  }
  return {
    async [Symbol.asyncDispose]() {
      await writeFile(join(root, "cgroup.procs"), String(pid));
      await rmdir(group);
    },
  };
}
