import assert from "node:assert/strict";
import { type Layout, layoutProblem } from "../../../components/network/layout";

const as = (layout: Layout): Record<string, unknown> => ({ insecureValue: JSON.stringify(layout) });
const deployed = as({ cidrBlock: "10.10.0.0/16", availabilityZones: ["ap-northeast-2a", "ap-northeast-2c"] });

describe("the layout of a VPC", () => {
    for (const [title, wanted, expected] of [
        [
            "may stay",
            { cidrBlock: "10.10.0.0/16", availabilityZones: ["ap-northeast-2a", "ap-northeast-2c"] },
            undefined,
        ],
        [
            "cannot have another range",
            { cidrBlock: "10.0.0.0/16", availabilityZones: ["ap-northeast-2a", "ap-northeast-2c"] },
            /^Network: cidrBlock is 10\.0\.0\.0\/16; it must stay 10\.10\.0\.0\/16\. Another/,
        ],
        [
            "cannot have one more zone",
            { cidrBlock: "10.10.0.0/16", availabilityZones: ["ap-northeast-2a", "ap-northeast-2b", "ap-northeast-2c"] },
            /availabilityZones are ap-northeast-2a, ap-northeast-2b, ap-northeast-2c; they must stay ap-northeast-2a, ap-northeast-2c\./,
        ],
        [
            "cannot have other zones and another range, and says both",
            { cidrBlock: "10.0.0.0/16", availabilityZones: ["ap-northeast-2a", "ap-northeast-2b"] },
            /cidrBlock is .* availabilityZones are/,
        ],
    ] as const) {
        it(title, () => {
            const problem = layoutProblem(
                deployed,
                as({ ...wanted, availabilityZones: [...wanted.availabilityZones] }),
            );
            if (expected === undefined) {
                assert.equal(problem, undefined);
            } else {
                assert.match(String(problem), expected);
            }
        });
    }
});
