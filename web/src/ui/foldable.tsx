import { useId, useState, type ReactNode } from "react";
import "./foldable.css";

interface Props {
  /** What the button says. */
  readonly title: string;
  /** A class of the part, for its place on a narrow window. */
  readonly className?: string;
  readonly children: ReactNode;
}

/** Controls that a narrow window keeps behind a button. A wide window shows them without the button. */
export function Foldable({ title, className = "", children }: Props) {
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className="foldable-button"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        {title}
      </button>
      <div id={id} className={`foldable ${className}`} data-open={isOpen || undefined}>
        {children}
      </div>
    </>
  );
}
