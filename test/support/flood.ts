import { floods, type FloodName } from "./floods.ts";

/** A program that floods a server: `node flood.ts NAME PORT DATASET`. It ends with the flood. */
const [name, port, dataset] = process.argv.slice(2);
await floods[name as FloodName](Number(port), dataset!);
