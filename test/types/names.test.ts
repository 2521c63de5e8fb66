import { join } from "node:path";
import { describeChecks } from "../support/checks.ts";
import { startHangar } from "../support/server.ts";

describeChecks("columns of any name", join(import.meta.dirname, "names.py"), () => startHangar());
