/** Memory of a database's instance class: `db.t4g.micro` has 1 GiB, `db.r7g.2xlarge` 64. Unknown families count as general purpose. */
export function instanceMemoryGiB(instanceClass: string): number {
    const [, family = "", size = ""] = instanceClass.split(".");
    const small: Record<string, number> = { micro: 1, small: 2, medium: 4 };
    const perLarge: Record<string, number> = { c: 4, r: 16, x: 32, z: 16 };
    const times = /^(\d*)x?large$/.exec(size);
    if (small[size] !== undefined || times === null) {
        return small[size] ?? 8;
    }
    const large = size === "large" ? 1 : 2 * Number(times[1] || 1);
    return large * (perLarge[family.charAt(0)] ?? 8);
}
