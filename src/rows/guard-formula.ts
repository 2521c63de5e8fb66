/** What a cell begins with that spreadsheets take for a formula. Source: OWASP, CSV injection. */
const formulaStart = /^[=+\-@\t\r]/;

/** Text that a spreadsheet shows instead of computing it: an apostrophe before what it takes for a formula. */
export function guardFormula(text: string): string {
  return formulaStart.test(text) ? `'${text}` : text;
}
