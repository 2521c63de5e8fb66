/** A text of JSON, or a number. */
const textOrNumber = /"(?:[^"\\]+|\\.)*"|-?\d[\d.eE+-]*/g;

/** Parses JSON. A number that JavaScript would write with other digits becomes a text with its own; pure. */
export function parseExact(json: string): unknown {
  return JSON.parse(
    json.replace(textOrNumber, (token) =>
      token.startsWith('"') || String(Number(token)) === token ? token : `"${token}"`,
    ),
  );
}
