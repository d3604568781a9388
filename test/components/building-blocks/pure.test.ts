import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import {
    access,
    combine,
    containerDefinitions,
    type ContainerArgs,
    pascalCase,
    policyDocument,
    pushCommands,
    Scope,
    type Statement,
} from "../../../components/building-blocks";
import { scope } from "./fixture";

describe("Scope", () => {
    const names: [what: string, actual: string, expected: string][] = [
        ["name", scope.name("oms"), "aipx-dev-oms"],
        ["name of nothing", scope.name(), "aipx-dev"],
        ["name of several parts", scope.name("oms", "task"), "aipx-dev-oms-task"],
        ["path", scope.path("kis-credentials"), "aipx/dev/kis-credentials"],
        ["bucket name", scope.bucketName("data-lake"), "aipx-dev-data-lake-123456789012"],
        ["ARN", scope.arn("sqs", "aipx-dev-orders"), "arn:aws:sqs:ap-northeast-2:123456789012:aipx-dev-orders"],
        ["ARN without region", scope.globalArn("iam", "role/r"), "arn:aws:iam::123456789012:role/r"],
        ["ARN of a bucket", scope.bucketArn("b"), "arn:aws:s3:::b"],
        ["ARN of objects", scope.bucketArn("b", "ticks/*"), "arn:aws:s3:::b/ticks/*"],
    ];
    for (const [what, actual, expected] of names) {
        it(`forms a ${what}`, () => assert.equal(actual, expected));
    }

    it("takes another partition", () => {
        const china = new Scope({ ...scope, partition: "aws-cn" });
        assert.equal(china.arn("sqs", "q"), "arn:aws-cn:sqs:ap-northeast-2:123456789012:q");
        assert.equal(china.bucketArn("b"), "arn:aws-cn:s3:::b");
    });
});

describe("policyDocument", () => {
    it("writes one canonical text", () => {
        assert.equal(
            policyDocument([
                { sid: "One", actions: ["a:B"], resources: ["r"] },
                {
                    sid: "Many",
                    effect: "Deny",
                    principals: { Service: "s.amazonaws.com" },
                    actions: ["a:B", "a:C"],
                    resources: ["r", "s"],
                    conditions: { Bool: { "aws:SecureTransport": "false" } },
                },
            ]),
            '{"Version":"2012-10-17","Statement":[' +
                '{"Sid":"One","Effect":"Allow","Action":"a:B","Resource":"r"},' +
                '{"Sid":"Many","Effect":"Deny","Principal":{"Service":"s.amazonaws.com"},"Action":["a:B","a:C"],' +
                '"Resource":["r","s"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}',
        );
    });

    it("leaves the resource out of a trust", () => {
        const text = policyDocument([{ sid: "Trust", principals: "*", actions: ["sts:AssumeRole"], resources: [] }]);
        assert.doesNotMatch(text, /Resource/);
    });

    it("refuses two statements of one Sid", () => {
        const statement: Statement = { sid: "Same", actions: ["a:B"], resources: ["r"] };
        assert.throws(() => policyDocument([statement, statement]), {
            message: 'policy document: two statements have the Sid "Same"; each needs its own',
        });
    });
});

describe("combine", () => {
    const read: Statement = { sid: "Read", actions: ["s:Get"], resources: ["r"] };
    const first = { urn: "first" } as unknown as pulumi.Resource;

    it("gives everything, and what is named twice once", () => {
        const internet = { kind: "internet", name: "https", port: 443 } as const;
        const combined = combine([
            access({
                statements: [read],
                connections: [internet],
                environment: { A: { value: "1" } },
                dependsOn: [first],
            }),
            access({
                statements: [{ ...read }],
                connections: [{ ...internet }],
                environment: { B: { value: "2" } },
                dependsOn: [first],
            }),
        ]);
        assert.deepEqual(combined.statements, [read]);
        assert.deepEqual(combined.connections, [internet]);
        assert.deepEqual(combined.environment, { A: { value: "1" }, B: { value: "2" } });
        assert.equal(combined.dependsOn.length, 1);
    });

    it("is empty for nothing", () => {
        assert.deepEqual(combine([]), { statements: [], connections: [], environment: {}, dependsOn: [] });
    });

    it("refuses different statements of one Sid", () => {
        const other = { ...read, resources: ["other"] };
        assert.throws(() => combine([access({ statements: [read] }), access({ statements: [other] })]), {
            message: 'access: two different statements have the Sid "Read"',
        });
    });
});

describe("pushCommands", () => {
    it("builds for the architecture that the stack runs, after a login", () => {
        const registry = "123456789012.dkr.ecr.ap-northeast-2.amazonaws.com";
        assert.deepEqual(pushCommands(scope, "arm64", { oms: `${registry}/aipx/dev/oms` }), {
            login: `aws ecr get-login-password --region ap-northeast-2 | docker login --username AWS --password-stdin ${registry}`,
            oms: `docker buildx build --platform linux/arm64 --provenance=false --tag ${registry}/aipx/dev/oms:TAG --push .`,
        });
        assert.match(pushCommands(scope, "x86_64", { oms: "url" }).oms ?? "", /--platform linux\/amd64 /);
    });
});

describe("pascalCase", () => {
    for (const [name, expected] of [
        ["kis-credentials", "KisCredentials"],
        ["ticks/raw", "TicksRaw"],
        ["ticks/", "Ticks"],
        ["a_b.c", "ABC"],
    ] as const) {
        it(`makes ${expected} of ${name}`, () => assert.equal(pascalCase(name), expected));
    }
});

describe("containerDefinitions", () => {
    const container = (changes: Partial<ContainerArgs> = {}): ContainerArgs => ({
        name: "oms",
        image: "repository@sha256:0",
        environment: { Z: "1", A: "2" },
        secrets: { Y: "arn:y", B: "arn:b" },
        ports: [50051],
        logGroupName: "/aipx/dev/oms",
        region: "ap-northeast-2",
        stopTimeoutSeconds: 120,
        writablePaths: { z: "/z", a: "/a" },
        ...changes,
    });
    type Definition = Record<string, unknown>;
    const definitions = (containers: ContainerArgs[]): Definition[] =>
        JSON.parse(containerDefinitions(containers)) as Definition[];

    it("does not depend on the order of anything", () => {
        const reversed = <T>(values: Record<string, T>): Record<string, T> =>
            Object.fromEntries(Object.entries(values).reverse());
        const [a, b] = [container(), container({ name: "agent" })];
        const other = container({
            environment: reversed(a.environment),
            secrets: reversed(a.secrets),
            writablePaths: reversed(a.writablePaths),
        });
        assert.equal(containerDefinitions([a, b]), containerDefinitions([b, other]));
        assert.deepEqual(
            definitions([a, b]).map(({ name }) => name),
            ["agent", "oms"],
        );
    });

    it("writes out what ECS would add", () => {
        const [definition] = definitions([container({ ports: [], environment: {}, secrets: {}, writablePaths: {} })]);
        for (const list of ["environment", "secrets", "portMappings", "mountPoints", "volumesFrom", "systemControls"]) {
            assert.deepEqual(definition![list], [], list);
        }
        assert.equal(definition!.cpu, 0);
        assert.deepEqual(definitions([container()])[0]!.portMappings, [
            { containerPort: 50051, hostPort: 50051, protocol: "tcp" },
        ]);
    });

    it("sorts by name", () => {
        const [definition] = definitions([container()]);
        assert.deepEqual(definition!.environment, [
            { name: "A", value: "2" },
            { name: "Z", value: "1" },
        ]);
        assert.deepEqual(definition!.secrets, [
            { name: "B", valueFrom: "arn:b" },
            { name: "Y", valueFrom: "arn:y" },
        ]);
        assert.deepEqual(definition!.mountPoints, [
            { sourceVolume: "a", containerPath: "/a", readOnly: false },
            { sourceVolume: "z", containerPath: "/z", readOnly: false },
        ]);
    });

    it("takes all power from the container", () => {
        const definition = definitions([container()])[0]!;
        assert.equal(definition.user, "65532:65532");
        assert.equal(definition.privileged, false);
        assert.equal(definition.readonlyRootFilesystem, true);
        const { capabilities } = definition.linuxParameters as { capabilities: unknown };
        assert.deepEqual(capabilities, { add: [], drop: ["ALL"] });
    });

    it("never lets a full log buffer hold the program up", () => {
        assert.deepEqual(definitions([container()])[0]!.logConfiguration, {
            logDriver: "awslogs",
            options: {
                "awslogs-group": "/aipx/dev/oms",
                "awslogs-region": "ap-northeast-2",
                "awslogs-stream-prefix": "oms",
                mode: "non-blocking",
                "max-buffer-size": "25m",
            },
        });
    });
});
