import assert from "node:assert/strict";
import fc from "fast-check";
import { subnetSizes } from "../../../components/network/subnets";
import { expandVpc } from "../../../plan/awsx-vpc";

describe("subnetSizes", () => {
    const sizes: [prefix: number, publicSize: number, privateSize: number, isolatedSize: number][] = [
        [16, 24, 20, 24],
        [17, 25, 21, 25],
        [18, 26, 22, 26],
        [19, 27, 23, 27],
        [20, 27, 24, 27],
    ];
    for (const [prefix, publicSize, privateSize, isolatedSize] of sizes) {
        it(`makes /${publicSize}, /${privateSize} and /${isolatedSize} of a /${prefix}`, () => {
            assert.deepEqual(subnetSizes(`10.0.0.0/${prefix}`), {
                public: publicSize,
                private: privateSize,
                isolated: isolatedSize,
            });
        });
    }

    for (const wrong of ["10.0.0.0/15", "10.0.0.0/21", "10.0.0.0", "10.0.0.0/x"]) {
        it(`refuses ${wrong}`, () => {
            assert.throws(() => subnetSizes(wrong), {
                message: `Network: cidrBlock is "${wrong}"; it must be a range from /16 to /20, such as 10.0.0.0/16`,
            });
        });
    }

    it("fits awsx's zones, without overlaps, for every range and two or three zones", () => {
        fc.assert(
            fc.property(
                fc.integer({ min: 16, max: 20 }),
                fc.integer({ min: 0, max: 15 }),
                fc.constantFrom(2, 3),
                (prefix, block, zones) => {
                    const cidrBlock = `10.${block}.0.0/${prefix}`;
                    const size = subnetSizes(cidrBlock);
                    const { children } = expandVpc("vpc", {
                        cidrBlock,
                        availabilityZoneNames: ["a", "b", "c"].slice(0, zones).map((zone) => `ap-northeast-2${zone}`),
                        subnetStrategy: "Auto",
                        subnetSpecs: [
                            { type: "Public", cidrMask: size.public },
                            { type: "Private", cidrMask: size.private },
                            { type: "Isolated", cidrMask: size.isolated },
                        ],
                        natGateways: { strategy: "Single" },
                    });
                    const ranges = [...children.values()]
                        .filter(({ type }) => type === "aws:ec2/subnet:Subnet")
                        .map(({ inputs }) => range(inputs.cidrBlock as string))
                        .sort((a, b) => a.first - b.first);
                    const vpc = range(cidrBlock);
                    assert.equal(ranges.length, 3 * zones);
                    assert.ok(ranges[0]!.first >= vpc.first && ranges.at(-1)!.last <= vpc.last);
                    ranges.slice(1).forEach(({ first }, index) => assert.ok(first > ranges[index]!.last));
                },
            ),
        );
    });
});

function range(cidrBlock: string): { first: number; last: number } {
    const [address, prefix] = cidrBlock.split("/") as [string, string];
    const first = address.split(".").reduce((number, part) => number * 256 + Number(part), 0);
    return { first, last: first + 2 ** (32 - Number(prefix)) - 1 };
}
