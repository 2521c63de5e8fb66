import { join } from "node:path";
import { describeChecks } from "../support/checks.ts";
import { startHangar } from "../support/server.ts";

describeChecks("metadata in the footer", join(import.meta.dirname, "footer-metadata.py"), () => startHangar());
