export { demandOf, type Demand } from "./demands.ts";
export { Gatekeeper, type Call } from "./gatekeeper.ts";
export { guardCatalog } from "./guard-catalog.ts";
export { guardFiles } from "./guard-files.ts";
export { guardProducer } from "./guard-producer.ts";
