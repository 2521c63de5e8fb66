import { join } from "node:path";
import { describeChecks } from "../support/checks.ts";
import { startHangar } from "../support/server.ts";

describeChecks("files that others wrote", join(import.meta.dirname, "foreign.py"), () => startHangar());
