import { join } from "node:path";
import { describeChecks } from "../support/checks.ts";
import { startHangar } from "../support/server.ts";

describeChecks("categories", join(import.meta.dirname, "categories.py"), () => startHangar());
