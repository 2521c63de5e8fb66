// The client of browsers, in Node: puts, gets and drops through a proxy, and prints the number of rows.
// Usage: NODE_EXTRA_CA_CERTS=FILE node through-fetch.ts URL grpc-web|connect
import { tableFromArrays } from "apache-arrow";
import { connect } from "../../src/client/index.ts";

const [url = "", protocol] = process.argv.slice(2);
const client = connect(url, { protocol: protocol === "connect" ? "connect" : "grpc-web" });
const table = tableFromArrays({ n: Float64Array.from({ length: 500_000 }, (_, index) => index) });
await client.put("numbers", table);
const read = await client.get("numbers").table();
await client.drop("numbers");
process.stdout.write(`${read.numRows} ${read.get(499_999)?.["n"]}\n`);
