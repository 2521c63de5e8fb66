import { FlightError, quoteName, shorten } from "../../flight/index.ts";
import { formatType, unifyFields, withoutDictionaries, type Field } from "../../arrow/index.ts";

/** The longest type in a message, in characters. */
const typeCharCountMax = 200;

/** The columns of some files of a folder. */
export interface FileFields {
  /** The name of the first of these files. */
  readonly name: string;
  readonly fields: readonly Field[];
}

/** A column of a folder. */
interface Column {
  field: Field;
  /** The first file that has it. */
  readonly name: string;
  /** The number of schemas that have it. */
  count: number;
}

/**
 * Unifies the columns of files by name: the columns of the first file, then new ones in the order in which they come. A
 * column that a file does not have is null there.
 *
 * @param schemas - the different schemas, in the order of the files
 * @param partitions - partition columns. They replace columns of the files, or follow them.
 * @throws FlightError INVALID_ARGUMENT if a column has types that do not unify, or if a file has a column twice
 */
export function unifySchemas(schemas: readonly FileFields[], partitions: readonly Field[]): Field[] {
  const columns = new Map<string, Column>();
  const partitionNames = new Set(partitions.map(({ name }) => name));
  for (const { name, fields } of schemas) {
    assertDistinct(name, fields);
    for (const field of fields) {
      const column = columns.get(field.name);
      if (column === undefined) columns.set(field.name, { field: withPlainItems(field), name, count: 1 });
      else {
        column.count += 1;
        if (partitionNames.has(field.name)) continue;
        column.field = unifyFields(column.field, field) ?? refuse(column, { name, field });
      }
    }
  }
  for (const field of partitions) columns.set(field.name, { field, name: "", count: schemas.length });
  return [...columns.values()].map(({ field, count }, i) => {
    const unified = count === schemas.length ? field : { ...withoutDictionaries(field), nullable: true };
    // Ids of dictionaries are unique in a schema, and files number theirs from 0.
    return unified.dictionary ? { ...unified, dictionary: { ...unified.dictionary, id: BigInt(i) } } : unified;
  });
}

/** Returns a column without dictionaries in its items, as `unifyFields`. Each file has dictionaries of its own. */
function withPlainItems(field: Field): Field {
  return field.dictionary ? field : { ...field, children: field.children.map(withoutDictionaries) };
}

function assertDistinct(name: string, fields: readonly Field[]): void {
  const seen = new Set<string>();
  for (const { name: column } of fields) {
    if (seen.has(column)) {
      const words = `dataset ${quoteName(name)} has several columns ${quoteName(column)}, so it cannot be read with others as one`;
      throw new FlightError("invalid_argument", words);
    }
    seen.add(column);
  }
}

function refuse(column: Column, { name, field }: { readonly name: string; readonly field: Field }): never {
  const [first, second] = [column.field, field].map((each) => shorten(formatType(each), typeCharCountMax));
  const words = `column ${quoteName(field.name)} is ${first} in ${quoteName(column.name)} and ${second} in ${quoteName(name)}; datasets with other types cannot be read as one`;
  throw new FlightError("invalid_argument", words);
}
