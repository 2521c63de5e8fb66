/**
 * Returns the message of a failed connection. Browsers do not say why a request failed, so for a server of another
 * origin the message names what is often the reason.
 */
export function describeFailure(url: string, reason: unknown): string {
  const { origin } = new URL(url);
  const message = `the connection to ${origin} failed: ${describeReason(reason)}`;
  // Other runtimes have no `location`.
  const page = typeof location === "undefined" ? origin : location.origin;
  if (page === origin) return message;
  return `${message}; is the server there, and does it allow pages of ${page} (hangar serve --cors-origin ${page})?`;
}

/** The maximum number of nested causes in a message. No runtime has more, and the limit ends a cycle of causes. */
const causesMax = 4;

/**
 * Returns the message of an error and of its causes, such as `fetch failed: connect ECONNREFUSED 127.0.0.1:8815`.
 * Node's `fetch` puts the reason of a failure into the cause.
 */
export function describeReason(reason: unknown): string {
  const words: string[] = [];
  for (let each = reason; each !== undefined && words.length < causesMax; each = causeOf(each))
    words.push(toWords(each));
  return words.join(": ");
}

function causeOf(reason: unknown): unknown {
  return reason instanceof Error ? reason.cause : undefined;
}

/** If a name has several addresses and none responds, Node combines their errors into one error without a message. */
function toWords(reason: unknown): string {
  if (reason instanceof AggregateError && reason.message === "") return reason.errors.map(toWords).join(", ");
  return reason instanceof Error ? reason.message : String(reason);
}
