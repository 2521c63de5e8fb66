import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { tableFromArrays, tableToIPC } from "apache-arrow";
import { expect, test } from "vitest";
import { decodeIpcStream } from "../../src/arrow/index.ts";
import { createFlightServer } from "../../src/server/index.ts";
import { createTemporaryFolder } from "../support/folder.ts";
import { startSlowGet } from "../support/slow-client.ts";

/** Long enough for pyarrow to answer a ping on a busy machine. */
const silence = { silenceCheckMs: 100, pingAfterMs: 500, silenceTimeoutMs: 10_000 };

test("pyarrow may pause its reader for longer than a connection may be silent", async () => {
  // 200 MB, far more than windows and sockets take: the server can send nothing while the reader pauses.
  const rowCount = 250_000;
  const batchCount = 100;
  const table = tableFromArrays({ n: new Float64Array(rowCount) });
  const [schema, batch] = [...decodeIpcStream(tableToIPC(table, "stream"))];
  let givenCount = 0;
  const server = createFlightServer({
    silence,
    producer: {
      async *doGet() {
        yield schema!;
        for (; givenCount < batchCount; givenCount++) yield batch!;
      },
    },
  });
  await using folder = await createTemporaryFolder();
  const { port } = await server.listen({ port: 0 });
  const goFile = join(folder.path, "go");
  try {
    await using reader = await startSlowGet({ location: `grpc://127.0.0.1:${port}` }, "any", goFile);
    await sleep(1.5 * silence.silenceTimeoutMs);
    expect(givenCount).toBeLessThan(batchCount);
    await writeFile(goFile, "");
    await reader.waitFor(new RegExp(`rows ${rowCount * batchCount}\\b`));
  } finally {
    await server.close({ drainTimeoutMs: 0 });
  }
});
