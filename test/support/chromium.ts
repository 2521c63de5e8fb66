import { chromium, type Browser } from "playwright";

/** Starts Debian's Chromium; root may start it only without its sandbox. */
export function launchChromium(...args: string[]): Promise<Browser> {
  return chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", ...args] });
}
