import { useId } from "react";
import { navigate, useView } from "../state/navigate.ts";
import {
  decimalsMax,
  formatFormat,
  parseFormat,
  zoneTitles,
  type ShownZone,
  type ValueFormat,
} from "../table/value-format.ts";
import "./format-menu.css";

/** Chooses how numbers and times are shown. What is copied, and filters, keep all digits. */
export function FormatMenu() {
  const id = useId();
  const format = parseFormat(useView().format);
  const set = (change: Partial<ValueFormat>): void =>
    // The zoom of a plot is what the clocks of a zone show.
    navigate({ format: formatFormat({ ...format, ...change }), ...(change.zone && { zoom: undefined }) });
  return (
    <>
      <button type="button" popoverTarget={id}>
        Format
      </button>
      <div id={id} popover="auto" className="format-menu" role="dialog" aria-label="Format of values">
        <label>
          <input
            type="checkbox"
            checked={format.isGrouped}
            onChange={(event) => set({ isGrouped: event.target.checked })}
          />
          Thousands apart: 1,234,567
        </label>
        <label>
          Decimals of numbers
          <select
            value={format.decimals ?? ""}
            onChange={({ target: { value } }) => set({ decimals: value === "" ? undefined : Number(value) })}
          >
            <option value="">all</option>
            {Array.from({ length: decimalsMax + 1 }, (_, decimals) => (
              <option key={decimals}>{decimals}</option>
            ))}
          </select>
        </label>
        <label>
          Times with a zone
          <select value={format.zone} onChange={(event) => set({ zone: event.target.value as ShownZone })}>
            {Object.entries(zoneTitles).map(([zone, title]) => (
              <option key={zone} value={zone}>
                {title}
              </option>
            ))}
          </select>
        </label>
        <p className="hint">Copied text and filters keep all digits, and UTC.</p>
      </div>
    </>
  );
}
