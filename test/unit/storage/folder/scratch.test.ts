import { expect, test } from "vitest";
import { openFolderStorage } from "../../../../src/storage/index.ts";
import { createTemporaryFolder } from "../../../support/folder.ts";

test("closing a scratch file that was reopened closes its descriptor", async () => {
  await using folder = await createTemporaryFolder();
  const storage = await openFolderStorage({ folder: folder.path });
  const scratch = await storage.createScratch();
  await scratch.append(Uint8Array.of(1, 2, 3));
  const file = await scratch.reopen();
  expect(await file.read(0, 3)).toEqual(Uint8Array.of(1, 2, 3));
  await file.close();
  expect(file.fd).toBe(-1);
  await storage.close();
});
