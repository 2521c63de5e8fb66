import { FlightError } from "hangar/flight";

/** An answer without words of a server with Flight: a proxy before it has refused the call. */
const refusedByProxy = /^HTTP (401|403|407)$/;

/** Returns what to do about a call that a proxy before the server has refused; other errors as they are; pure. */
export function explainRefusal(error: FlightError): FlightError {
  if (!refusedByProxy.test(error.message)) return error;
  const words =
    "a login before this server refuses the page, perhaps because it has expired; reload the page to sign in";
  return new FlightError("permission_denied", `${words} (${error.message})`, { cause: error });
}
