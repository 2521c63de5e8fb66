import { useState, type FormEvent } from "react";
import { navigate } from "../state/store.ts";
import { formatCount } from "../ui/format.ts";

/** Takes the number of a row, from 1, and goes there. */
export function GoToRow({ rowCount }: { readonly rowCount: number }) {
  const [text, setText] = useState("");
  const go = (event: FormEvent): void => {
    event.preventDefault();
    const number = Number(text.replaceAll(/[,\s]/g, ""));
    if (Number.isInteger(number) && number > 0) navigate({ row: Math.min(number, rowCount) - 1 });
  };
  return (
    <form onSubmit={go}>
      <input
        className="go-to-row"
        inputMode="numeric"
        aria-label={`Go to row, 1 to ${formatCount(rowCount)}`}
        placeholder="Go to row"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </form>
  );
}
