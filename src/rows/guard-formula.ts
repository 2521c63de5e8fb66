/** The first characters of a formula in spreadsheets. Source: OWASP, CSV injection. */
const formulaStart = /^[=+\-@\t\r]/;

/** Adds an apostrophe to text that a spreadsheet would run as a formula. */
export function guardFormula(text: string): string {
  return formulaStart.test(text) ? `'${text}` : text;
}
