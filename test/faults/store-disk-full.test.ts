import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describeChecks } from "../support/checks.ts";
import { createTemporaryFolder } from "../support/folder.ts";
import { startHangar, type TestServer } from "../support/server.ts";

const run = promisify(execFile);

/** Starts `hangar serve` over a disk of its own, in memory, which takes 16 MiB. Mounting one takes root. */
async function startOnSmallDisk(): Promise<TestServer> {
  const disk = await createTemporaryFolder();
  await run("mount", ["-t", "tmpfs", "-o", "size=16m", "hangar-test", disk.path]);
  const unmount = async (): Promise<void> => {
    await run("umount", [disk.path]);
    await disk[Symbol.asyncDispose]();
  };
  try {
    const server = await startHangar("--repo", disk.path);
    return {
      ...server,
      repo: disk.path,
      async [Symbol.asyncDispose]() {
        await server[Symbol.asyncDispose]();
        await unmount();
      },
    };
  } catch (error) {
    await unmount();
    throw error;
  }
}

describeChecks("a disk that is full", join(import.meta.dirname, "store-disk-full.py"), startOnSmallDisk);
