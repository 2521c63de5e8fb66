import { join } from "node:path";
import { describeChecks } from "../support/checks.ts";
import { startHangar } from "../support/server.ts";

describeChecks("large row groups and rows", join(import.meta.dirname, "large.py"), () => startHangar());
