/** Control characters, line separators and invisible characters, which could confuse a terminal or a reader of logs. */
const unprintable = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** The maximum length of client text in a log line, in characters. */
export const loggedCharCountMax = 200;

/**
 * Makes a client's text safe for a log line: control characters, line separators and invisible characters become
 * `\u{…}`, and a long text is cut.
 */
export function toPrintable(text: string): string {
  const cut = text.length > loggedCharCountMax ? `${text.slice(0, loggedCharCountMax)}…` : text;
  return cut.replace(unprintable, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}
