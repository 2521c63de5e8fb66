import { chromium, type Browser } from "playwright";
import { startMs } from "./wait.ts";

/** How Debian's Chromium starts: without its sandbox, as root may, and on a busy machine later than Playwright's limit of 30 s. */
export const chromiumOptions = { executablePath: "/usr/bin/chromium", args: ["--no-sandbox"], timeout: startMs };

/** Starts Debian's Chromium. */
export function launchChromium(...args: string[]): Promise<Browser> {
  return chromium.launch({ ...chromiumOptions, args: [...chromiumOptions.args, ...args] });
}
