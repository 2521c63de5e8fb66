import type { Plugin } from "rolldown";

/**
 * A plugin that writes other characters than ASCII as escapes. V8 keeps a source with a single such character in twice
 * the memory, and Node converts it twice when it loads the file. Escapes mean the same in strings, templates, regular
 * expressions and names; the program has no raw templates with such characters.
 */
export const asciiOnly: Plugin = {
  name: "ascii-only",
  generateBundle(_options, bundle) {
    for (const file of Object.values(bundle)) if (file.type === "chunk") file.code = toAscii(file.code);
  },
};

function toAscii(code: string): string {
  return code.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
