/**
 * Characters that change a terminal instead of appearing on it: C0 and C1 controls, DEL, line separators, and the marks
 * that reorder text (Unicode TR 36).
 */
const controls = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu;

const shortEscapes: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** Returns the text with every control character as a JSON escape, such as `\u001b`. */
export function escapeControls(text: string): string {
  return text.replace(
    controls,
    (char) => shortEscapes[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Returns the text as `escapeControls`, except for line feeds and tabs, which lay it out. */
export function escapeControlsInLines(text: string): string {
  return text.replace(/[^\n\t]+/g, escapeControls);
}
