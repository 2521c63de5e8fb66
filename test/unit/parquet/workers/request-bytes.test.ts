import { once } from "node:events";
import { join } from "node:path";
import { MessageChannel, Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import type { BytesRequest } from "../../../../src/parquet/workers/worker-protocol.ts";

test("a notification that arrives late is not taken for the answer to the next request", async () => {
  const { port1, port2 } = new MessageChannel();
  const signal = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  port1.on("message", ({ start, end }: BytesRequest) => {
    // The notification of the answer before this request.
    Atomics.notify(signal, 0);
    setTimeout(() => {
      port1.postMessage({ bytes: new Uint8Array(end - start).fill(start === 0 ? 1 : 2) });
      Atomics.store(signal, 0, 1);
      Atomics.notify(signal, 0);
    }, 50);
  });
  const worker = new Worker(join(import.meta.dirname, "read-twice.ts"), {
    workerData: { port: port2, signal },
    transferList: [port2],
  });
  const [read] = (await once(worker, "message")) as [number[]];
  expect(read).toEqual([1, 2]);
  port1.close();
  await worker.terminate();
});
