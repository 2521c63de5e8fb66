import { createMemoryProducer } from "hangar/producer";
import { createFlightServer } from "hangar/server";

// A producer of one's own, served by the framework alone: no store, no command line, by the package's exports.
const producer = createMemoryProducer();
const server = createFlightServer({ producer, catalog: producer });
const { port } = await server.listen({ port: 0 });
process.stdout.write(`grpc://127.0.0.1:${port}\n`);
process.once("SIGTERM", () => void server.close());
