interface Props {
  readonly label: string;
  readonly value: string | undefined;
  /** What stands for no choice, where that is one. */
  readonly none?: string;
  /** Whether the chart does not draw it, whatever is chosen. */
  readonly isUnused?: boolean;
  /** A value that cannot be chosen by now. */
  readonly without?: string | undefined;
  readonly onChange: (value: string | undefined) => void;
  /** Values, each with its name. */
  readonly children: readonly (readonly [string, string])[];
}

/** A choice among values, with its name beside it. */
export function Choice({ label, value, none, isUnused = false, without, onChange, children }: Props) {
  return (
    <label className="choice">
      <span>{label}</span>
      <select
        aria-label={label}
        value={value ?? ""}
        disabled={isUnused}
        title={isUnused ? "The chart does not use it" : undefined}
        onChange={(event) => onChange(event.target.value || undefined)}
      >
        {none && <option value="">{none}</option>}
        {children.map(([each, name]) => (
          <option key={each} value={each} disabled={each === without}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
