import { execFile } from "node:child_process";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, describe, expect, test } from "vitest";
import type { Job } from "../../../../src/parquet/workers/worker-protocol.ts";
import { WorkerThread } from "../../../../src/parquet/workers/worker-thread.ts";
import { createTemporaryFolder } from "../../../support/folder.ts";
import { within } from "../../../support/wait.ts";

const job: Job = { kind: "describe", file: { id: "0", fd: -1, byteLength: 0 } };
const patientMs = 20_000;
let thread: WorkerThread | undefined;

/** A thread that runs `code` when it gets a job. */
function threadThat(code: string): WorkerThread {
  const source = `import { parentPort } from "node:worker_threads"; parentPort.on("message", () => { ${code} });`;
  return (thread = new WorkerThread(new URL(`data:text/javascript,${encodeURIComponent(source)}`)));
}

afterEach(() => thread?.terminate());

describe("a worker thread", () => {
  test("that answers can be used again", async () => {
    const fine = threadThat(`parentPort.postMessage({ result: 7, memoryBytes: 5 })`);
    expect(await fine.run(job, { timeoutMs: patientMs })).toMatchObject({ result: 7 });
    expect(await fine.run(job, { timeoutMs: patientMs })).toMatchObject({ result: 7 });
    expect([fine.memoryBytes, fine.isSpent]).toEqual([5, false]);
  });

  test("that refuses a job can be used again", async () => {
    const refusing = threadThat(`parentPort.postMessage({ failure: "no", reason: "refused", memoryBytes: 5 })`);
    const refused = { reason: "refused", message: "no" };
    await expect(refusing.run(job, { timeoutMs: patientMs })).rejects.toMatchObject(refused);
    expect(refusing.isSpent).toBe(false);
  });

  test.each([
    ["throws where nobody catches", `setTimeout(() => { throw new Error("trap") })`, "trapped"],
    ["rejects where nobody catches", `void Promise.reject(new Error("trap"))`, "trapped"],
    [
      "says that it trapped",
      `parentPort.postMessage({ failure: "trap", reason: "trapped", memoryBytes: 5 })`,
      "trapped",
    ],
    [
      "traps with all of its memory taken",
      `parentPort.postMessage({ failure: "trap", reason: "trapped", memoryBytes: 1e9 })`,
      "exhausted",
    ],
    ["ends itself", `process.exit(3)`, "trapped"],
    [
      "ends by its full heap",
      `throw Object.assign(new Error("full"), { code: "ERR_WORKER_OUT_OF_MEMORY" })`,
      "exhausted",
    ],
    ["never comes back", `for (;;);`, "timeout"],
    ["never answers", ``, "timeout"],
  ])("that %s is spent, and its job fails", async (_, code, reason) => {
    const failing = threadThat(code);
    const timeoutMs = reason === "timeout" ? 300 : patientMs;
    await expect(within("the job", failing.run(job, { timeoutMs: timeoutMs }))).rejects.toMatchObject({ reason });
    expect(failing.isSpent).toBe(true);
  });

  test("that is stuck in a call of the system keeps neither its job nor its pool", async () => {
    await using folder = await createTemporaryFolder();
    const pipe = join(folder.path, "pipe");
    await promisify(execFile)("mkfifo", [pipe]);
    // Opening a pipe waits for its other end, and no signal to a thread ends that.
    const stuck = threadThat(`process.getBuiltinModule("fs").openSync(${JSON.stringify(pipe)})`);
    await expect(within("the job", stuck.run(job, { timeoutMs: 300 }))).rejects.toMatchObject({ reason: "timeout" });
    await within("the thread to be given up", stuck.terminate());
    await (await open(pipe, "r+")).close();
  });

  test("that is ended under a job fails it", async () => {
    const hanging = threadThat(``);
    const running = hanging.run(job, { timeoutMs: patientMs }).catch((reason: unknown) => reason);
    await hanging.terminate();
    expect(await running).toMatchObject({ reason: "closed" });
  });
});
