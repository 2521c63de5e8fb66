import type { FlightError } from "hangar/flight";
import { isWrongFilter } from "../selection/filter-bar.tsx";
import { reload, useConnection } from "../state/connection.ts";
import type { RowSource } from "../table/row-source.ts";
import { Failure, Loading, Message } from "../ui/message.tsx";
import type { ViewedRows } from "./use-row-source.ts";

interface Props {
  readonly source: RowSource | undefined;
  readonly rows: ViewedRows;
  readonly filter: string;
  /** What a part of the rows could not be read by. */
  readonly error: FlightError | undefined;
}

/** What there is to read in the place of rows, or above those that there were. */
export function InsteadOfRows({ source, rows, filter, error }: Props) {
  const className = source ? "above" : "instead";
  // That it cannot be reached is said above the page.
  const { isLost } = useConnection();
  if (error && !isLost) {
    return (
      <div className={className}>
        <Failure what="Rows could not be read" error={error} retry={reload} />
      </div>
    );
  }
  if (rows.error && !isLost) {
    // The filter says what is wrong with it.
    const isFilter = isWrongFilter(rows.error, filter);
    if (isFilter && source) return null;
    return (
      <div className={className}>
        <Message title={isFilter ? "The filter is not valid" : "The rows cannot be read"}>
          {!isFilter && <p>{rows.error.message}</p>}
          <button type="button" onClick={reload}>
            Try again
          </button>
        </Message>
      </div>
    );
  }
  if (source === undefined) return <Loading what="rows" />;
  if (source.rowCount > 0 || source !== rows.source) return null;
  return (
    <div className="above">
      <Message title={filter ? "No row meets the filter" : "This dataset has no rows"} />
    </div>
  );
}
