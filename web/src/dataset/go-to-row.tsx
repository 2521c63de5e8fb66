import { useState, type FormEvent } from "react";
import { announce } from "../state/announce.ts";
import { say } from "../state/toast.ts";
import { formatCount } from "../ui/format.ts";

interface Props {
  readonly rowCount: number;
  /** Told the row that is meant, from 0. */
  onGo(row: number): void;
}

/** Takes the number of a row, from 1. */
export function GoToRow({ rowCount, onGo }: Props) {
  const [text, setText] = useState("");
  const go = (event: FormEvent): void => {
    event.preventDefault();
    const number = Number(text.replaceAll(/[,\s]/g, ""));
    if (rowCount === 0) return;
    if (!Number.isInteger(number) || number < 1)
      return say(`Type the number of a row, from 1 to ${formatCount(rowCount)}`);
    if (number > rowCount) say(`The last row is ${formatCount(rowCount)}`);
    else announce(`Row ${formatCount(number)}`);
    onGo(Math.min(number, rowCount) - 1);
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
