import { useId } from "react";
import { useWorks } from "../state/work.ts";
import "./work-note.css";

/** Shows what has taken more than a second, how far it is, and a button to cancel it. */
export function WorkNote() {
  const id = useId();
  return (
    <div role="status" className="works">
      {useWorks().map(({ what, share, cancel }, i) => (
        <p key={i} className="work">
          <span id={id + i}>{what}…</span>
          <progress aria-labelledby={id + i} max={1} {...(share !== undefined && { value: share })} />
          {share !== undefined && <span className="work-share">{Math.floor(100 * share)} %</span>}
          <button type="button" onClick={cancel} aria-label={`Cancel: ${what}`}>
            Cancel
          </button>
        </p>
      ))}
    </div>
  );
}
