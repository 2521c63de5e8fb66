import { Table, Utf8, vectorFromArray } from "apache-arrow";
import { connect } from "hangar/node";

const client = connect("grpc://localhost:8815");

// Upload a new dataset.
const table = new Table({ Character: vectorFromArray(["Mario", "Luigi", "Peach"], new Utf8()) });
await client.put("uploaded.parquet", table);

// Retrieve its metadata.
const info = await client.info("uploaded.parquet");
console.log("Path:", info.name, "Rows:", info.rowCount, "Size:", info.byteLength);
console.log("Schema:", info.schema.fields.join(", "));

// Read its content.
const read = await client.get("uploaded.parquet").table();
for (const row of read) console.log(String(row));

// Delete it, and list the datasets that remain.
await client.drop("uploaded.parquet");
for await (const dataset of client.list()) console.log("Path:", dataset.name, "Rows:", dataset.rowCount);
