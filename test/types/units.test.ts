import { join } from "node:path";
import { describeChecks } from "../support/checks.ts";
import { startHangar } from "../support/server.ts";

describeChecks("seconds and dates in milliseconds", join(import.meta.dirname, "units.py"), () => startHangar());
