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
