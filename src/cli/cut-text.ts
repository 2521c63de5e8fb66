import { textWidth } from "./text-width.ts";

/** Splits text into characters as users see them. Made on first use, because it loads data for 8 ms. */
let graphemes: Intl.Segmenter | undefined;

/** Truncates a text to a width on a terminal, and adds an ellipsis. */
export function cutText(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let kept = "";
  let used = 0;
  graphemes ??= new Intl.Segmenter();
  for (const { segment } of graphemes.segment(text)) {
    used += textWidth(segment);
    if (used > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}
