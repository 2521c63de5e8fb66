/** Numbers from 0 (inclusive) to 1 (exclusive), the same ones every time. Source: Marsaglia, "Xorshift RNGs". */
export function createRandom(): () => number {
  let state = 0x9e3779b9;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
