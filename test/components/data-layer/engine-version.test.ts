import assert from "node:assert/strict";
import { ignoredVersion, isOlder, versionProblem } from "../../../components/data-layer/engine-version";

describe("versions of stores", () => {
    for (const [version, other, older] of [
        ["17", "18", true],
        ["18", "17", false],
        ["17.6", "17", false],
        ["17", "17.6", false],
        ["16.10", "17", true],
        ["7.2", "8.0", true],
        ["8.1", "8.0", false],
        ["8.9", "8.10", true],
    ] as const) {
        it(`${version} is ${older ? "" : "not "}older than ${other}`, () => {
            assert.equal(isOlder(version, other), older);
        });
    }

    for (const [engineVersion, running, problem] of [
        ["17", "17.6", undefined],
        ["8.0", "8.0.0", undefined],
        ["8.0", "8.1.2", undefined],
        ["11", "11.22-RDS.20240418", undefined],
        ["17", "something else", undefined],
        ["12", "11.22-RDS.20240418", 'engineVersion is "12", but 11.22 runs; to upgrade it, set upgradingFrom to "11"'],
        ["18", "17.6", 'engineVersion is "18", but 17.6 runs; to upgrade it, set upgradingFrom to "17"'],
        ["8.1", "8.0.1", 'engineVersion is "8.1", but 8.0.1 runs; to upgrade it, set upgradingFrom to "8.0"'],
        ["9.0", "8.1.1", 'engineVersion is "9.0", but 8.1.1 runs; to upgrade it, set upgradingFrom to "8.1"'],
        ["16", "17.6", 'engineVersion is "16", but AWS has upgraded to 17.6; set engineVersion to "17"'],
    ] as const) {
        it(`${engineVersion} where ${running} runs is ${problem === undefined ? "as it should be" : "told"}`, () => {
            assert.equal(versionProblem({ engineVersion }, running), problem);
        });
    }

    it("are upgraded on request only", () => {
        assert.equal(versionProblem({ engineVersion: "18", upgradingFrom: "17" }, "17.6"), undefined);
        assert.deepEqual(ignoredVersion({ engineVersion: "18", upgradingFrom: "17" }), []);
        assert.deepEqual(ignoredVersion({ engineVersion: "18" }), ["engineVersion"]);
    });
});
