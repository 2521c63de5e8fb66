import { join } from "node:path";
import { describeChecks } from "../support/checks.ts";
import { startHangar } from "../support/server.ts";

describeChecks("compressed record batches", join(import.meta.dirname, "compressed.py"), () => startHangar());
