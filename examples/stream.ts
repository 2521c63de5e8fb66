import { tableFromArrays } from "apache-arrow";
import { connect } from "hangar/node";

const client = connect("grpc://localhost:8815");

// Put batches as they are measured. The client asks for the next batch when the connection has room.
async function* measure() {
  for (let hour = 0; hour < 24; hour++) {
    const celsius = Float64Array.from({ length: 60 }, (_, minute) => 20 + Math.sin(hour + minute / 60));
    yield* tableFromArrays({ celsius }).batches;
  }
}
const put = await client.put("weather/today", measure(), {
  mode: "create",
  onProgress: ({ rowCount }) => rowCount % 480 === 0 && console.log("sent", rowCount),
});
console.log("stored", put.rowCount);

// Get a part of them, batch by batch, and stop early. This also ends the call on the server.
let seen = 0;
for await (const batch of client.get("weather/today", { columns: ["celsius"], offset: 100, limit: 1000 })) {
  seen += batch.numRows;
  if (seen >= 100) break;
}
console.log("seen enough:", seen >= 100);

await client.drop("weather/today");
