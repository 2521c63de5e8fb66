import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ensurePython } from "../../scripts/python.ts";
import { startChild } from "./child.ts";
import { createTemporaryFolder } from "./folder.ts";
import { freePort } from "./free-port.ts";
import { toTestServer, type TestServer } from "./server.ts";

/** The table `trips` of `startRoapi`: numbers, texts, a null and times. */
export const tripsCsv = `id,city,fare,at
1,Lima,12.5,2026-01-01T08:00:00
2,Oslo,,2026-01-02T09:30:00
3,Łódź,7.25,2026-01-03T10:00:00
`;

/** Starts ROAPI, which answers SQL by Flight SQL, with the table `trips`. */
export async function startRoapi(): Promise<TestServer> {
  const program = join(dirname(await ensurePython("servers")), "roapi");
  const folder = await createTemporaryFolder();
  const csv = join(folder.path, "trips.csv");
  await writeFile(csv, tripsCsv);
  const [http, postgres, port] = [await freePort(), await freePort(), await freePort()];
  const addresses = ["--addr-http", `127.0.0.1:${http}`, "--addr-postgres", `127.0.0.1:${postgres}`];
  const args = [...addresses, "--addr-flight-sql", `127.0.0.1:${port}`, "--table", `trips=${csv}`];
  const child = startChild(program, args, { RUST_LOG: "info" });
  const dispose = async (): Promise<void> => {
    await child[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  };
  try {
    await child.waitFor(/Serving web UI/);
  } catch (error) {
    await dispose();
    throw error;
  }
  return toTestServer({ child, repo: folder.path, port }, dispose);
}
