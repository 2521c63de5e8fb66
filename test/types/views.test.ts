import { join } from "node:path";
import { describeChecks } from "../support/checks.ts";
import { startHangar } from "../support/server.ts";

describeChecks("columns of views", join(import.meta.dirname, "views.py"), () => startHangar());
