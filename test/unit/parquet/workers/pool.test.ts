import { tableFromArrays, tableToIPC } from "apache-arrow";
import { Table as WasmTable, writeParquet } from "parquet-wasm";
import { describe, expect, test, vi } from "vitest";
import { ParquetPool } from "../../../../src/parquet/index.ts";
import { idleWorkerDelayMs, idleWorkerMemoryBytesMax } from "../../../../src/parquet/workers/limits.ts";
import { WorkerThread } from "../../../../src/parquet/workers/worker-thread.ts";
import { within } from "../../../support/wait.ts";
import { createTemporaryFile, readFrames, toFrames, writeFrames } from "../tables.ts";

const small = toFrames(tableFromArrays({ a: Int32Array.of(1, 2, 3) }));

/** Bytes that are no IPC stream. */
const notArrow = () =>
  ({ kind: "encode", streams: [new Uint8Array(64).fill(0x7f)], rowStart: 0, isFirst: true }) as const;

/** A file at which parquet-wasm falls over: what its first page begins with is no header. */
function spoiledPage(): Uint8Array {
  const file = writeParquet(WasmTable.fromIPCStream(tableToIPC(tableFromArrays({ a: ["x", "y"] }), "stream")));
  file[4] = 0xff;
  return file;
}

describe("a pool", () => {
  test("of one worker serves all, one after the other", async () => {
    const pool = new ParquetPool({ workerCount: 1 });
    await Promise.all(
      Array.from({ length: 5 }, async () => {
        await using temporary = await createTemporaryFile();
        await writeFrames(pool, temporary.file, small);
        expect(await readFrames(pool, temporary.file)).toHaveLength(2);
      }),
    );
    await pool.close();
  });

  test("fails a job that is refused, alone", async () => {
    const pool = new ParquetPool({ workerCount: 1 });
    await using temporary = await createTemporaryFile();
    const [failed, written] = await Promise.allSettled([
      pool.run(notArrow(), { stream: {} }),
      writeFrames(pool, temporary.file, small),
    ]);
    expect(failed).toMatchObject({ status: "rejected", reason: { reason: "refused" } });
    expect(written).toMatchObject({ status: "fulfilled", value: { rowCount: 3n } });
    await pool.close();
  });

  test("fails a job that traps, alone", async () => {
    const pool = new ParquetPool({ workerCount: 1 });
    await using trap = await createTemporaryFile();
    await using temporary = await createTemporaryFile();
    await trap.file.handle.write(spoiledPage());
    const [failed, written] = await Promise.allSettled([
      readFrames(pool, trap.file),
      writeFrames(pool, temporary.file, small),
    ]);
    expect(failed).toMatchObject({
      status: "rejected",
      reason: { code: "data_loss", message: expect.stringMatching(/column "\w+" has/) },
    });
    expect(written).toMatchObject({ status: "fulfilled", value: { rowCount: 3n } });
    await pool.close();
  });

  test("replaces threads whose jobs take too long", async () => {
    const impatient = new ParquetPool({ workerCount: 1, jobTimeoutMs: 1 });
    const failures = Array.from({ length: 3 }, () =>
      impatient.run(notArrow(), { stream: {} }).catch((reason: unknown) => reason),
    );
    expect(await within("three threads to be replaced", Promise.all(failures))).toHaveLength(3);
    await impatient.close();
  });

  test("takes a waiting job back by its signal", async () => {
    const pool = new ParquetPool({ workerCount: 1 });
    const cancel = new AbortController();
    const running = pool.run(notArrow(), { stream: {} }).catch(() => "failed");
    const waiting = pool.run(notArrow(), { stream: {}, signal: cancel.signal });
    cancel.abort(new Error("not wanted any more"));
    await expect(waiting).rejects.toThrow("not wanted any more");
    expect(await running).toBe("failed");
    await pool.close();
  });

  test("that is closed fails what waits, what runs and what comes", async () => {
    const pool = new ParquetPool({ workerCount: 1 });
    const jobs = Array.from({ length: 3 }, () =>
      pool.run(notArrow(), { stream: {} }).catch((reason: unknown) => reason),
    );
    await pool.close();
    for (const failed of await Promise.all(jobs)) expect(failed).toMatchObject({ reason: "closed" });
    await using temporary = await createTemporaryFile();
    await expect(writeFrames(pool, temporary.file, small)).rejects.toMatchObject({ code: "unavailable" });
  });

  test("replaces a worker that has grown once there is nothing to do, and one that has not stays", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const terminated = vi.spyOn(WorkerThread.prototype, "terminate");
    const pool = new ParquetPool({ workerCount: 1 });
    try {
      const pass = async (frames: typeof small): Promise<number> => {
        await using temporary = await createTemporaryFile();
        await writeFrames(pool, temporary.file, frames);
        vi.advanceTimersByTime(idleWorkerDelayMs);
        return terminated.mock.calls.length;
      };
      expect(await pass(small)).toBe(0);
      const large = toFrames(
        tableFromArrays({ a: Float64Array.from({ length: idleWorkerMemoryBytesMax / 8 }, Math.sin) }),
      );
      expect(await pass(large)).toBe(1);
      expect(await pass(small)).toBe(1);
    } finally {
      vi.useRealTimers();
      terminated.mockRestore();
      await pool.close();
    }
  });
});
