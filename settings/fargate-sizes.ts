const gibibytes = (from: number, to: number, step: number): number[] =>
    Array.from({ length: (to - from) / step + 1 }, (_, index) => (from + index * step) * 1024);

/** Memory sizes in MiB that Fargate offers for each number of CPU units. The AWS provider lets impossible pairs pass. */
export const fargateSizes: ReadonlyMap<number, readonly number[]> = new Map([
    [256, [512, 1024, 2048]],
    [512, gibibytes(1, 4, 1)],
    [1024, gibibytes(2, 8, 1)],
    [2048, gibibytes(4, 16, 1)],
    [4096, gibibytes(8, 30, 1)],
    [8192, gibibytes(16, 60, 4)],
    [16384, gibibytes(32, 120, 8)],
]);
