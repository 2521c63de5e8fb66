import { join } from "node:path";
import { describeChecks } from "../support/checks.ts";
import { startHangar } from "../support/server.ts";

describeChecks("pages that trap a worker", join(import.meta.dirname, "corrupt-pages.py"), () => startHangar());
