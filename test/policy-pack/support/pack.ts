import assert from "node:assert/strict";
import * as server from "@pulumi/policy/server";
import * as proto from "@pulumi/pulumi/proto/analyzer_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { toPolicies } from "../../../policy-pack/core/crossguard";
import { type Rule } from "../../../policy-pack/core/rule";
import { unknownText } from "../../../policy-pack/core/value";

export const unknown = unknownText;

type Rpc = (
    call: { request: unknown },
    callback: (error: Error | null, response: proto.AnalyzeResponse) => void,
) => void;
type MakeRpc = (name: string, version: string, level: string, policies: unknown[]) => Rpc;

// What the SDK serves the engine with; its type declarations leave them out.
const { makeAnalyzeRpcFun, makeAnalyzeStackRpcFun } = server as unknown as Record<
    "makeAnalyzeRpcFun" | "makeAnalyzeStackRpcFun",
    MakeRpc
>;

/** A resource as a test writes it: what is left out has no meaning for the rule. */
export interface Subject {
    type: string;
    /** @default "subject" */
    name?: string;
    props: Record<string, any>;
    options?: { protect?: boolean; ignoreChanges?: string[] };
    /** Inputs of the explicit provider. */
    provider?: Record<string, any>;
    /** What the engine shows beside `props` at the end of a preview: values that AWS fills in. */
    computed?: Record<string, any>;
    /** Logical names of resources of the same test, by property. */
    refersTo?: Record<string, string | string[]>;
}

/** What the engine is told: which policy, of which resource, with which message. */
export interface Told {
    policy: string;
    level: "advisory" | "mandatory";
    /** Logical name of the resource. */
    resource: string;
    message: string;
}

const urnOf = ({ type, name = "subject" }: Subject): string => `urn:pulumi:dev::aipx::${type}::${name}`;

/** Runs the rules' policies over resources exactly as Pulumi's engine does: the SDK's own analysis, resource by resource and then the stack. */
export async function analyze(rules: Rule | Rule[], subjects: Subject | Subject[], strict = false): Promise<Told[]> {
    const policies = toPolicies([rules].flat(), { strict });
    const all = [subjects].flat();
    const call = (rpc: Rpc, request: unknown): Promise<proto.AnalyzeResponse> =>
        new Promise((resolve, reject) => {
            rpc({ request }, (error, response) => (error ? reject(error) : resolve(response)));
        });
    const pack = ["pack", "1.0.0", "mandatory", policies] as const;
    const answers: proto.AnalyzeResponse[] = [];
    for (const subject of all) {
        answers.push(await call(makeAnalyzeRpcFun(...pack), filled(new proto.AnalyzeRequest(), subject)));
    }
    const request = new proto.AnalyzeStackRequest();
    request.setResourcesList(
        all.map((subject) => inStack(filled(new proto.AnalyzerResource(), subject), subject, all)),
    );
    answers.push(await call(makeAnalyzeStackRpcFun(...pack), request));
    return answers.flatMap((answer, index) =>
        answer.getDiagnosticsList().map((diagnostic) => ({
            policy: diagnostic.getPolicyname(),
            level: diagnostic.getEnforcementlevel() === proto.EnforcementLevel.ADVISORY ? "advisory" : "mandatory",
            resource: (diagnostic.getUrn() || (all[index] ? urnOf(all[index]) : "")).split("::").pop() ?? "",
            message: diagnostic.getMessage(),
        })),
    );
}

const isUndetermined = (message: string): boolean => message.includes("[undetermined at ");

function filled<R extends proto.AnalyzeRequest | proto.AnalyzerResource>(request: R, subject: Subject): R {
    request.setType(subject.type);
    request.setUrn(urnOf(subject));
    request.setName(subject.name ?? "subject");
    request.setProperties(Struct.fromJavaScript(subject.props));
    const options = new proto.AnalyzerResourceOptions();
    options.setProtect(subject.options?.protect ?? false);
    options.setIgnorechangesList(subject.options?.ignoreChanges ?? []);
    request.setOptions(options);
    if (subject.provider) {
        const provider = new proto.AnalyzerProviderResource();
        provider.setType("pulumi:providers:aws");
        provider.setName("provider");
        provider.setUrn("urn:pulumi:dev::aipx::pulumi:providers:aws::provider");
        provider.setProperties(Struct.fromJavaScript(subject.provider));
        request.setProvider(provider);
    }
    return request;
}

function inStack(resource: proto.AnalyzerResource, subject: Subject, all: Subject[]): proto.AnalyzerResource {
    resource.setProperties(Struct.fromJavaScript({ ...subject.computed, ...subject.props }));
    for (const [property, names] of Object.entries(subject.refersTo ?? {})) {
        const urns = [names].flat().map((name) => {
            const target = all.find((other) => (other.name ?? "subject") === name);
            assert.ok(target, `no resource "${name}" in this test`);
            return urnOf(target);
        });
        const dependencies = new proto.AnalyzerPropertyDependencies();
        dependencies.setUrnsList(urns);
        resource.getPropertydependenciesMap().set(property, dependencies);
        resource.setDependenciesList([...resource.getDependenciesList(), ...urns]);
    }
    return resource;
}

/** A row of a rule's test: resources, and what is told of them. */
export interface Case {
    title: string;
    subjects: Subject | Subject[];
    /** Left out: nothing is wrong. Otherwise what each message must say, in order. */
    fails?: (string | RegExp)[];
    /** Path of the value that is not known yet: advice, and in strict mode a violation. */
    undetermined?: string;
}

/** Describes a rule by its rows. It must have a compliant, a violating and an undetermined one. */
export function describeRule(rule: Rule, cases: Case[]): void {
    describe(rule.name, () => {
        it("has a compliant, a violating and an undetermined case", () => {
            assert.ok(cases.some(({ fails, undetermined }) => !fails && !undetermined));
            assert.ok(cases.some(({ fails }) => fails));
            assert.ok(cases.some(({ undetermined }) => undetermined !== undefined));
        });
        for (const { title, subjects, fails = [], undetermined } of cases) {
            it(title, async () => {
                const all = await analyze(rule, subjects);
                const told = all.filter(({ message }) => !isUndetermined(message));
                assert.ok(
                    all.every(({ level, message }) => level === "advisory" || !isUndetermined(message)),
                    "what cannot be told is advice",
                );
                assert.deepEqual(
                    told.map(({ policy }) => policy),
                    fails.map(() => rule.name),
                    JSON.stringify(told, null, 1),
                );
                told.forEach(({ message }, index) => {
                    const expected = fails[index]!;
                    assert.ok(
                        typeof expected === "string" ? message.includes(expected) : expected.test(message),
                        `${message}\ndoes not say ${expected}`,
                    );
                });
                const strict = await analyze(rule, subjects, true);
                const waiting = strict.filter(({ message }) => isUndetermined(message));
                assert.deepEqual(
                    waiting.map(({ message }) => /\[undetermined at (.*)\]/.exec(message)?.[1]),
                    undetermined === undefined ? [] : [undetermined],
                );
            });
        }
    });
}
