import { quoteColumn, type Field } from "hangar/flight";

/** A field of a struct as a column, which is named by its path. */
export interface NestedField extends Field {
  readonly path: readonly string[];
}

/** Fields of structs, by the names that they have as columns. */
export type NestedColumns = ReadonlyMap<string, NestedField>;

/**
 * Finds the fields of structs, which can be shown as columns too. Each is named by its path: `place.x`. A column of that
 * name comes before it; pure.
 */
export function findNested(fields: readonly Field[]): NestedColumns {
  const taken = new Set(fields.map(({ name }) => name));
  const nested = new Map<string, NestedField>();
  const add = ({ name, type, children, dictionary }: Field, path: readonly string[]): void => {
    if (type.kind !== "struct" || dictionary !== undefined) return;
    for (const child of children) {
      const field: NestedField = { ...child, name: `${name}.${child.name}`, path: [...path, child.name] };
      if (taken.has(field.name)) continue;
      taken.add(field.name);
      nested.set(field.name, field);
      add(field, field.path);
    }
  };
  for (const field of fields) add(field, [field.name]);
  return nested;
}

/** What can be shown as a column: the columns of a dataset, each before the fields of its structs; pure. */
export function columnFields(fields: readonly Field[]): readonly Field[] {
  const nested = [...findNested(fields).values()];
  return fields.flatMap((field) => [field, ...nested.filter(({ path }) => path[0] === field.name)]);
}

/** The path of a column that is shown, which has one segment unless it is a field of a struct; pure. */
export function columnPath(fields: readonly Field[], name: string): readonly string[] {
  return findNested(fields).get(name)?.path ?? [name];
}

/** The columns of the dataset that have what is shown; pure. */
export function storedColumns(fields: readonly Field[], names: readonly string[]): readonly string[] {
  return [...new Set(names.map((name) => columnPath(fields, name)[0]!))];
}

/** A column, or a field of a struct, which has a path. */
export type ColumnField = Pick<Field, "name"> & Partial<Pick<NestedField, "path">>;

/** The names from a column down to a field; pure. */
export function fieldPath({ name, path }: ColumnField): readonly string[] {
  return path ?? [name];
}

/** A column as a filter names it, fields of structs by their paths; pure. */
export function quoteField(field: ColumnField): string {
  return quoteColumn(fieldPath(field));
}
