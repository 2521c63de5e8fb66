import { join } from "node:path";
import { describeChecks } from "../support/checks.ts";
import { startHangar } from "../support/server.ts";

describeChecks("dictionaries", join(import.meta.dirname, "dictionaries.py"), () => startHangar());
