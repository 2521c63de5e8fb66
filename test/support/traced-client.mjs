// Puts, gets and drops a dataset inside of one span. Usage: node --import telemetry.mjs traced-client.mjs LOCATION
import { trace } from "@opentelemetry/api";
import { tableFromArrays } from "apache-arrow";
import { connect } from "hangar/node";

await trace.getTracer("test").startActiveSpan("a job", async (span) => {
  const client = connect(process.argv[2]);
  await client.put("cities", tableFromArrays({ city: ["Oslo", "Bern"] }));
  await client.get("cities").table();
  await client.drop("cities");
  await client.drop("cities").catch(() => {});
  client.close();
  span.end();
});
