/** Returns whether a text has characters of a glob pattern. A dataset's name can have them, too. */
export function isPattern(text: string): boolean {
  return /[*?[{]/.test(text);
}

/** Returns a glob pattern that matches exactly this text, also inside braces. */
export function escapePattern(text: string): string {
  return text.replace(/[*?[{},]/g, "[$&]");
}

/**
 * Returns the glob pattern for a name, a folder, or a pattern: a text without glob characters is a dataset and the
 * folder of this name. If it ends with `/`, it is only the folder.
 */
export function toListPattern(text: string): string {
  if (text === "" || isPattern(text)) return text;
  const literal = escapePattern(text);
  return text.endsWith("/") ? `${literal}**` : `{${literal},${literal}/**}`;
}

/** Returns the folder that all names have that a pattern matches, with a `/` at its end; "" if there is none. */
export function folderOfPattern(pattern: string): string {
  const fixed = pattern.slice(0, pattern.search(/[*?[{]/));
  return fixed.slice(0, fixed.lastIndexOf("/") + 1);
}
