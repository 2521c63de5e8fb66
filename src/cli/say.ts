import { escapeControls } from "./escape-controls.ts";

/** Prints a message as one line on standard error. On a terminal, control characters are escaped. */
export function say(message: string): void {
  console.error(process.stderr.isTTY ? escapeControls(message) : message);
}
