import { spawn } from "node:child_process";
import { once } from "node:events";
import { callServer } from "./client-call.ts";
import type { ClientFlags } from "./client-flags.ts";
import { say } from "./say.ts";
import { withSuggestion } from "./suggest-name.ts";

/** Runs `hangar open`. */
export async function openPage(name: string | undefined, flags: ClientFlags): Promise<void> {
  await callServer(flags, async (call) => {
    const { client, url, signal } = call;
    if (name !== undefined) await withSuggestion(call, name, () => client.info(name, { signal }));
    const page = pageUrl(url, name);
    console.log(flags.json === true ? JSON.stringify({ url: page }) : page);
    if (!(await openInBrowser(page)) && flags.quiet !== true) say("no browser could be started; open this address");
  });
}

/** Returns the address of a dataset in the web app; without a name, of the list. */
export function pageUrl(server: URL, name: string | undefined): string {
  const page = new URL("/", server);
  if (name !== undefined) page.searchParams.set("dataset", name);
  return page.href;
}

/** Starts the browser that the system has chosen. Returns whether it could. */
async function openInBrowser(page: string): Promise<boolean> {
  if (!hasDisplay()) return false;
  const [command = "", ...args] = openers[process.platform] ?? ["xdg-open"];
  const opener = spawn(command, [...args, page], { stdio: "ignore", detached: true });
  try {
    await once(opener, "spawn");
    opener.unref();
    return true;
  } catch {
    return false;
  }
}

const openers: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ["open"],
  win32: ["rundll32", "url.dll,FileProtocolHandler"],
};

/** Returns whether a window could be seen: without one, xdg-open may start a browser for text. */
function hasDisplay(): boolean {
  return process.platform in openers || Boolean(process.env["DISPLAY"] || process.env["WAYLAND_DISPLAY"]);
}
