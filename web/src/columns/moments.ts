/**
 * The mean and the standard deviation of numbers that come in parts. Source: Chan, Golub and LeVeque, "Updating formulae
 * and a pairwise algorithm for computing sample variances".
 */
export class Moments {
  /** How many numbers there are. */
  count = 0;
  #mean = 0;
  #squares = 0;

  /** Adds the first `length` numbers of an array, all of them finite. */
  add(values: ArrayLike<number>, length: number): void {
    if (length === 0) return;
    // A sum of large numbers would lose what they differ by.
    const near = values[0]!;
    let sum = 0;
    for (let i = 0; i < length; i++) sum += values[i]! - near;
    const mean = near + sum / length;
    let squares = 0;
    for (let i = 0; i < length; i++) squares += (values[i]! - mean) ** 2;
    const count = this.count + length;
    const apart = mean - this.#mean;
    this.#squares += squares + (apart * apart * this.count * length) / count;
    this.#mean += (apart * length) / count;
    this.count = count;
  }

  /** Undefined of no numbers, or where a float cannot hold it. */
  get mean(): number | undefined {
    return this.count > 0 && Number.isFinite(this.#mean) ? this.#mean : undefined;
  }

  /** That of a sample, with n - 1 below; undefined of less than two numbers, or where a float cannot hold it. */
  get deviation(): number | undefined {
    const variance = this.#squares / (this.count - 1);
    return this.count > 1 && Number.isFinite(variance) ? Math.sqrt(variance) : undefined;
  }
}
