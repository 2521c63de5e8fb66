import { vi } from "vitest";

const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as Uint8Array;

/**
 * Counts the bytes that this thread's JavaScript copies between arrays during an action. Node's own code is not counted.
 */
export async function countCopies(act: () => Promise<unknown>): Promise<number> {
  let copiedBytes = 0;
  const note = <T extends { readonly byteLength: number }>(copied: T): T => {
    copiedBytes += copied.byteLength;
    return copied;
  };
  const { set, slice } = typedArray;
  const { concat, from } = Buffer;
  const spies = [
    vi.spyOn(typedArray, "set").mockImplementation(function (this: Uint8Array, source, offset) {
      if (ArrayBuffer.isView(source)) note(source);
      set.call(this, source, offset);
    }),
    vi.spyOn(typedArray, "slice").mockImplementation(function (this: Uint8Array, ...range) {
      return note(slice.apply(this, range));
    }),
    vi.spyOn(Buffer, "concat").mockImplementation((...args) => note(concat(...args))),
    vi.spyOn(Buffer, "from").mockImplementation((...args: unknown[]) => {
      const made = Reflect.apply(from, Buffer, args) as Buffer<ArrayBuffer>;
      return ArrayBuffer.isView(args[0]) ? note(made) : made;
    }),
  ];
  vi.stubGlobal("Uint8Array", countConstructed(note));
  try {
    await act();
  } finally {
    vi.unstubAllGlobals();
    for (const spy of spies) spy.mockRestore();
  }
  return copiedBytes;
}

/** Returns the constructor of byte arrays, which copies another array if it gets one. */
function countConstructed(note: (copied: Uint8Array) => void): typeof Uint8Array {
  return new Proxy(Uint8Array, {
    construct(target, args: unknown[], newTarget: Function) {
      const made = Reflect.construct(target, args, newTarget) as Uint8Array;
      if (ArrayBuffer.isView(args[0])) note(made);
      return made;
    },
  });
}
