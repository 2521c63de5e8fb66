import "./progress.css";

interface ProgressProps {
  /** What is being done, for those who hear the page. */
  readonly label: string;
  readonly done: number;
  /** Undefined where nobody knows. */
  readonly total: number | undefined;
  readonly onStop: () => void;
}

/** How far something is that takes its time, and a button that ends it. It appears after a moment, so that nothing flickers. */
export function Progress({ label, done, total, onStop }: ProgressProps) {
  return (
    <span className="progress">
      <progress aria-label={label} max={total} value={total === undefined ? undefined : Math.min(done, total)} />
      <button type="button" onClick={onStop}>
        Stop
      </button>
    </span>
  );
}
