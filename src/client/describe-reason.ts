/** Causes of causes that are told: more than any runtime gives, and an end for those that go round in a ring. */
const causesMax = 4;

/**
 * What an error says, and what its causes say, as in `fetch failed: connect ECONNREFUSED 127.0.0.1:8815`: Node's `fetch`
 * keeps the reason of a failure in there.
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

/** Where a name has several addresses and none of them answers, the errors of each are in one that says nothing itself. */
function toWords(reason: unknown): string {
  if (reason instanceof AggregateError && reason.message === "") return reason.errors.map(toWords).join(", ");
  return reason instanceof Error ? reason.message : String(reason);
}
