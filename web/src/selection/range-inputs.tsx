import type { DataType } from "hangar/flight";
import type { ShownZone } from "../table/value-format.ts";
import { typedZone, type ColumnChoice } from "./column-condition.ts";

interface Props {
  readonly type: DataType;
  readonly choice: ColumnChoice;
  /** The zone that times are typed in. */
  readonly zone: ShownZone;
  onChange(change: Partial<ColumnChoice>): void;
}

/** The least and the greatest value, both inclusive, in the inputs that the browser has for a type. */
export function RangeInputs({ type, choice, zone, onChange }: Props) {
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
      <p className="hint">{hintOf(type, zone)}</p>
    </div>
  );
}

const inputTypes: Partial<Record<DataType["kind"], string>> = {
  date: "date",
  time: "time",
  timestamp: "datetime-local",
};

function hintOf(type: DataType, zone: ShownZone): string {
  switch (type.kind) {
    case "timestamp":
      return type.timezone === ""
        ? "Both inclusive; the column has no time zone."
        : `Both inclusive, in ${typedZone(type.timezone, zone)}, as times are shown (Format).`;
    case "duration":
      return "Both inclusive, such as 1 h 30 min or 1.5 s.";
    default:
      return "Both inclusive; one of them may be empty.";
  }
}
