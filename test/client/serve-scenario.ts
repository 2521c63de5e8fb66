/**
 * Serves a folder of datasets and the scenarios, in plaintext and with TLS: `serve-scenario.ts FOLDER`. Its certificate
 * signs itself.
 */
import { ParquetPool } from "../../src/parquet/index.ts";
import { createFlightServer } from "../../src/server/index.ts";
import { openFolderStore } from "../support/folder-store.ts";
import { createCertificate } from "../support/certificate.ts";
import { createScenarioProducer } from "./scenario-producer.ts";

const [folder = ""] = process.argv.slice(2);
const pool = new ParquetPool({ workerCount: 1 });
const store = await openFolderStore({ folder, pool });
const producer = createScenarioProducer(store, folder);

async function listen(scheme: string, tls?: { cert: Buffer; key: Buffer }): Promise<void> {
  const server = createFlightServer({
    producer,
    catalog: store,
    files: store.files,
    corsOrigins: ["*"],
    ...(tls && { tls }),
  });
  const { port } = await server.listen({ port: 0 });
  process.stdout.write(`${scheme}://127.0.0.1:${port}\n`);
}

await listen("grpc+tls", await createCertificate());
await listen("grpc");
