import assert from "node:assert/strict";
import { join } from "node:path";
import { planStack } from "../../../plan/plan";
import { previewJson } from "../../../plan/report/pulumi-preview";
import { readProject } from "../../../plan/stack-config";
import { describeEngine } from "../support/engine";
import { Lab } from "../support/lab";

/** `pulumi preview --json`, as far as it is compared. */
interface Digest {
    config: Record<string, string>;
    steps: { urn: string; op: string; newState: State }[];
    changeSummary: Record<string, number>;
}

type State = Record<string, any>;

// What the CLI says and the recording does not, and why.
const onlyInCli = {
    digest: [
        "diagnostics", // what was told during the preview
        "duration", // differs from run to run
    ],
    state: [
        "provider", // its URN has the version of the default provider, which the engine makes
        "resourceHooks", // recordings lack them
        "sourcePosition", // where the program made it: differs by machine
        "stackTrace",
    ],
    inputs: [
        "__defaults", // marks what the provider filled in
        "name", // where the program gives none, the provider makes one up
        "region", // the provider's own, in each resource
    ],
};

/** Inputs that are not the same, and why. */
const different = [
    "dashboardBody", // topics stand in the order of the config: the CLI sorts its keys, the plan leaves them as in the file
    "parameters", // of a parameter group: the provider adds applyMethod to each
    "tags", // the provider adds the default tags
];

describeEngine("The plan in the form of pulumi preview --json", function () {
    this.timeout(300_000);
    let lab: Lab;
    let theirs: Digest;
    let ours: Digest;

    before(async () => {
        lab = await Lab.open("dev");
        const { code, output } = await lab.cli("preview", "--json");
        assert.equal(code, 0, output);
        theirs = JSON.parse(output.slice(output.indexOf("{\n"))) as Digest;
        const project = readProject(join(__dirname, "../../.."));
        const { recording, assumed } = await planStack(project, "dev", { asConfigured: true, preview: true });
        ours = JSON.parse(previewJson(recording, assumed)) as Digest;
    });
    after(() => lab?.close());

    /** Pairs of states, with theirs first. */
    const states = (): [State, State][] => {
        const byUrn = new Map(ours.steps.map(({ urn, newState }) => [urn, newState]));
        return theirs.steps.map(({ urn, newState }) => [newState, byUrn.get(urn)!]);
    };

    it("has what the CLI has, but for what only the engine knows", () => {
        assert.deepEqual(minus(Object.keys(theirs), Object.keys(ours)), onlyInCli.digest);
        assert.deepEqual(minus(Object.keys(ours), Object.keys(theirs)), []);
        assert.deepEqual(ours.changeSummary, theirs.changeSummary);
    });

    it("has the same steps", () => {
        const steps = ({ steps }: Digest): string[] => steps.map(({ op, urn }) => `${op} ${urn}`).sort();
        assert.deepEqual(steps(ours), steps(theirs));
    });

    it("has the same config", () => {
        const config = (digest: Digest): object =>
            Object.fromEntries(Object.entries(digest.config).map(([key, value]) => [key, parsed(value)]));
        assert.deepEqual(config(ours), config(theirs));
    });

    it("has the same of each resource", () => {
        const lacking = new Set<string>();
        for (const [their, our] of states()) {
            minus(Object.keys(their), Object.keys(our)).forEach((key) => lacking.add(key));
            for (const key of minus(Object.keys(our), ["inputs"])) {
                assert.deepEqual(canonical(our[key]), canonical(their[key]), `${our.urn}: ${key}`);
            }
        }
        assert.deepEqual([...lacking].sort(), onlyInCli.state);
    });

    it("has the inputs that the program gives", () => {
        const lacking = new Set<string>();
        const changed = new Set<string>();
        for (const [{ inputs: their = {} }, { inputs: our = {}, urn }] of states()) {
            minus(Object.keys(their), Object.keys(our)).forEach((key) => lacking.add(key));
            for (const key of Object.keys(our)) {
                const [one, other] = [our[key], their[key]].map((value) => withoutGeneratedNames(value));
                if (one === other) {
                    continue;
                }
                assert.ok(
                    different.includes(key),
                    `${urn}: ${key} is ${one}, and with the CLI ${other}`.slice(0, 1000),
                );
                changed.add(key);
            }
        }
        assert.deepEqual([...lacking].sort(), onlyInCli.inputs);
        assert.deepEqual([...changed].sort(), different);
    });
});

const minus = (some: string[], others: string[]): string[] => some.filter((each) => !others.includes(each)).sort();

/** JSON in a text; else the text. */
function parsed(value: string): unknown {
    return /^[[{]/.test(value) ? JSON.parse(value) : value;
}

/** Dependencies have no order, nor have the properties of an object. */
function canonical(value: unknown): unknown {
    if (Array.isArray(value)) {
        return [...value].sort();
    }
    return typeof value === "object" && value !== null
        ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, canonical(item)]))
        : value;
}

/** The value as text, without the random ends of names that Pulumi generates. */
const withoutGeneratedNames = (value: unknown): string => JSON.stringify(value)?.replace(/-[0-9a-f]{7}\b/g, "-#");
