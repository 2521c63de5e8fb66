import { useRef } from "react";
import { useAnnouncement } from "../state/announce.ts";

/**
 * The live region of `announce`. It is there before there is anything to tell, as screen readers miss a region that comes
 * with its text. A dialog has one of its own: while it is open, all else is inert.
 */
export function Announcer() {
  const { text, count } = useAnnouncement();
  const before = useRef(count);
  return (
    <div role="status" className="unseen">
      {/* The same text once more is another element, which is told again. */}
      {count > before.current && <span key={count}>{text}</span>}
    </div>
  );
}
