import type { DataType } from "hangar/flight";
import type { ColumnChoice } from "./column-condition.ts";

interface Props {
  readonly type: DataType;
  readonly choice: ColumnChoice;
  onChange(change: Partial<ColumnChoice>): void;
}

/** The least and the greatest value, both inclusive, in the inputs that the browser has for a type. */
export function RangeInputs({ type, choice, onChange }: Props) {
  const kind = inputTypes[type.kind] ?? "text";
  const common = { type: kind, ...(kind === "text" ? { inputMode: "decimal" as const } : { step: 1 }) };
  return (
    <div className="range">
      {(["from", "to"] as const).map((side) => (
        <label key={side}>
          {side === "from" ? "From" : "To"}
          <input
            {...common}
            autoFocus={side === "from"}
            value={choice[side]}
            onChange={(event) => onChange({ [side]: event.target.value })}
          />
        </label>
      ))}
      <p className="hint">{hintOf(type)}</p>
    </div>
  );
}

const inputTypes: Partial<Record<DataType["kind"], string>> = {
  date: "date",
  time: "time",
  timestamp: "datetime-local",
};

function hintOf(type: DataType): string {
  switch (type.kind) {
    case "timestamp":
      return type.timezone === ""
        ? "Both inclusive; the column has no time zone."
        : `Both inclusive, in ${type.timezone}.`;
    case "duration":
      return "Both inclusive, such as 1.5 s or PT2H.";
    default:
      return "Both inclusive; one of them may be empty.";
  }
}
