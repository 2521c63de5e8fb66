/** Serves a folder of datasets to ann, whose password is `open sesame`, and to bob, who may do less: `serve-access.ts FOLDER`. */
import { createAccess, hashPassword } from "../../src/auth/index.ts";
import { ParquetPool } from "../../src/parquet/index.ts";
import { createFlightServer } from "../../src/server/index.ts";
import { openFolderStore } from "../support/folder-store.ts";

const [folder = ""] = process.argv.slice(2);
const pool = new ParquetPool({ workerCount: 1 });
const store = await openFolderStore({ folder, pool });
const password = await hashPassword("open sesame");
const access = createAccess({
  anonymous: "none",
  users: [
    { name: "ann", password },
    { name: "bob", password },
  ],
  rules: [
    { subjects: ["ann"], rights: ["read", "replace", "drop"], datasets: ["**"] },
    { subjects: ["bob"], rights: ["read", "write"], datasets: ["open/**"] },
  ],
});
const server = createFlightServer({
  producer: store,
  catalog: store,
  files: store.files,
  corsOrigins: ["*"],
  ...access,
});
const { port } = await server.listen({ port: 0 });
process.stdout.write(`grpc://127.0.0.1:${port}\n`);
