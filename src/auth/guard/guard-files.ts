import type { CallContext, DatasetFiles, FilePut } from "../../producer/index.ts";
import type { Gatekeeper } from "./gatekeeper.ts";
import { allowPut } from "./limit-put.ts";
import { allowRead } from "./may-read.ts";

type Put = Pick<FilePut, "name" | "condition">;

/** Returns files that check the rights of each caller. */
export function guardFiles(files: DatasetFiles, gatekeeper: Gatekeeper): DatasetFiles {
  /** Limits a put to the rights of the caller. */
  const put = async <P extends Put, T>(context: CallContext, asked: P, act: (put: P) => Promise<T>): Promise<T> => {
    const { name, condition } = asked;
    // A put that requires a version replaces an existing dataset.
    if (condition.isOneOf !== undefined) await gatekeeper.assertMay(context, "replace", name);
    const allowed = await allowPut(gatekeeper, context, {
      dataset: name,
      mode: condition.isNew ? "create" : "replace",
    });
    try {
      return await act(allowed.isCreateOnly ? { ...asked, condition: { ...condition, isNew: true } } : asked);
    } catch (reason) {
      throw await allowed.explain(reason);
    }
  };
  return {
    openFile: async (context, name, version) => {
      const { readsFolders } = files;
      return await files.openFile(await allowRead(gatekeeper, context, { dataset: name, readsFolders }), name, version);
    },
    assertPuttable: async (context, asked) =>
      await put(context, asked, async (allowed) => await files.assertPuttable(context, allowed)),
    putFile: async (context, asked) =>
      await put(context, asked, async (allowed) => await files.putFile(context, allowed)),
    dropFile: async (context, name, condition) => {
      await gatekeeper.assertMayDrop(context, name);
      await files.dropFile(context, name, condition);
    },
  };
}
