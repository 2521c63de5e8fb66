import "./filter-mistake.css";

interface Props {
  readonly id: string;
  readonly message: string;
  /** What was typed. */
  readonly text: string;
  /** Where the mistake is in it; undefined if it is not at one place. */
  readonly start: number | undefined;
  readonly end: number | undefined;
}

/** Characters that are shown before and after the mistake. */
const shownCharsMax = 40;

/** Says what is wrong with a filter, and marks the place. */
export function FilterMistakeNote({ id, message, text, start, end }: Props) {
  return (
    <div id={id} className="filter-mistake" role="alert">
      {start !== undefined && <Marked text={text} start={start} end={Math.max(end ?? start, start)} />}
      <p className="filter-error">{message}</p>
    </div>
  );
}

/** The part of the text with the mistake, and a caret below it. The message says the place to those who do not see it. */
function Marked({ text, start, end }: { readonly text: string; readonly start: number; readonly end: number }) {
  const from = Math.max(0, start - shownCharsMax);
  const to = Math.min(end, start + shownCharsMax);
  const wrong = text.slice(start, to);
  return (
    <pre aria-hidden="true">
      {from > 0 && "…"}
      {text.slice(from, start)}
      <mark>{wrong === "" ? " " : wrong}</mark>
      {text.slice(to, to + shownCharsMax)}
      {to + shownCharsMax < text.length && "…"}
    </pre>
  );
}
