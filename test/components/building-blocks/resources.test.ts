import assert from "node:assert/strict";
import {
    EncryptionKey,
    ImageRepository,
    ServiceRole,
    ServiceSecret,
    ServiceSecurityGroup,
} from "../../../components/building-blocks";
import { type Recording } from "../../../plan/recording";
import { statement, statements } from "../../support/policy";
import { find, names, ofType, record } from "../../support/record";
import { account, arn, key, scope } from "./fixture";

const root = { AWS: `arn:aws:iam::${account}:root` };

describe("EncryptionKey", () => {
    const args = {
        scope,
        keyName: "data",
        description: "Data",
        viaServices: ["s3", "rds"],
        serviceStatements: [
            { sid: "Service", principals: { Service: "s.amazonaws.com" }, actions: ["kms:Decrypt"], resources: ["*"] },
        ],
        disposable: true,
    };
    let made: EncryptionKey;
    let recording: Recording;
    const policy = (): string => ofType(recording, "aws:kms/key:Key")[0]!.inputs.policy as string;

    before(async () => {
        recording = await record(() => {
            made = new EncryptionKey("data", args);
        });
    });

    it("rotates, and has an alias of the installation", () => {
        assert.deepEqual(names(recording), [
            "aipx:buildingblocks:EncryptionKey::data",
            "aws:kms/alias:Alias::data",
            "aws:kms/key:Key::data",
        ]);
        const { inputs, options, id } = find(recording, "aws:kms/key:Key", "data");
        assert.equal(inputs.enableKeyRotation, true);
        assert.equal(inputs.deletionWindowInDays, 7);
        assert.ok(!options.protect);
        assert.deepEqual(find(recording, "aws:kms/alias:Alias", "data").inputs, {
            name: "alias/aipx-dev-data",
            targetKeyId: id,
        });
    });

    it("waits 30 days and is protected unless it is disposable", async () => {
        const kept = await record(() => void new EncryptionKey("data", { ...args, disposable: false }));
        const { inputs, options } = find(kept, "aws:kms/key:Key", "data");
        assert.equal(inputs.deletionWindowInDays, 30);
        assert.equal(options.protect, true);
    });

    it("keeps administration apart from use", () => {
        assert.deepEqual(
            statements(policy()).map(({ Sid }) => Sid),
            ["Administration", "UseThroughServices", "Service"],
        );
        const administration = statement(policy(), "Administration");
        assert.deepEqual(administration.Principal, root);
        for (const action of administration.Action as string[]) {
            assert.doesNotMatch(action, /Encrypt|Decrypt|GenerateDataKey|CreateGrant|\*/);
        }
        assert.ok(administration.Action.includes("kms:PutKeyPolicy"));
    });

    it("is used by this account through the services only", () => {
        const through = statement(policy(), "UseThroughServices");
        assert.deepEqual(through.Principal, root);
        assert.deepEqual(through.Condition, {
            StringEquals: {
                "kms:ViaService": ["s3.ap-northeast-2.amazonaws.com", "rds.ap-northeast-2.amazonaws.com"],
                "kms:CallerAccount": account,
            },
        });
    });

    it("has no such statement without services", async () => {
        const without = await record(() => void new EncryptionKey("data", { ...args, viaServices: [] }));
        const text = find(without, "aws:kms/key:Key", "data").inputs.policy as string;
        assert.deepEqual(
            statements(text).map(({ Sid }) => Sid),
            ["Administration", "Service"],
        );
    });

    it("grants reading and writing through a service, by alias", () => {
        const reading = made.useThrough("s3", "read", "Read");
        assert.deepEqual(reading, {
            sid: "Read",
            actions: ["kms:Decrypt"],
            resources: [arn("kms", "key/*")],
            conditions: {
                "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/aipx-dev-data" },
                StringEquals: { "kms:ViaService": "s3.ap-northeast-2.amazonaws.com" },
            },
        });
        assert.deepEqual(made.useThrough("s3", "write", "Write").actions, ["kms:GenerateDataKey"]);
        assert.deepEqual(made.useThrough("s3", "read-write", "Write").actions, ["kms:Decrypt", "kms:GenerateDataKey"]);
    });

    it("refuses to grant what its policy does not admit", async () => {
        assert.throws(() => made.useThrough("dynamodb", "read", "Read"), {
            message:
                `alias/aipx-dev-data: the key's policy does not admit its use through "dynamodb", only through s3, rds; ` +
                `add "dynamodb" to the key's viaServices, or use another key`,
        });
        assert.throws(() => made.decryptDirectly("Decrypt"), {
            message:
                "alias/aipx-dev-data: the key's policy does not admit that roles decrypt with it themselves, only through " +
                "s3, rds; add a statement for this account that allows kms:Decrypt, or use another key",
        });
        const shells = { sid: "Shells", principals: root, actions: ["kms:Decrypt"], resources: ["*"] };
        const via = { ...shells, sid: "Via", conditions: { StringEquals: { "kms:ViaService": "s3.x.amazonaws.com" } } };
        await record(() => {
            const direct = new EncryptionKey("a", { ...args, viaServices: [], serviceStatements: [shells] });
            assert.deepEqual(direct.decryptDirectly("Decrypt").actions, ["kms:Decrypt"]);
            assert.throws(() => direct.useThrough("s3", "read", "Read"), /only through no service/);
            const indirect = new EncryptionKey("b", { ...args, serviceStatements: [via] });
            assert.throws(() => indirect.decryptDirectly("Decrypt"), /does not admit that roles decrypt/);
        });
    });
});

describe("ServiceRole", () => {
    it("is taken by one service, and may do what is listed", async () => {
        const args = {
            roleName: "aipx-dev-oms",
            description: "A role",
            servicePrincipal: "lambda.amazonaws.com",
            trustConditions: { StringEquals: { "aws:SourceAccount": account } },
        };
        const recording = await record(() => {
            new ServiceRole("some", {
                ...args,
                statements: [{ sid: "Do", actions: ["sqs:SendMessage"], resources: ["arn"] }],
            });
            new ServiceRole("none", { ...args, roleName: "aipx-dev-none", statements: [] });
        });
        const role = find(recording, "aws:iam/role:Role", "some");
        assert.deepEqual(statements(role.inputs.assumeRolePolicy as string), [
            {
                Sid: "Trust",
                Effect: "Allow",
                Principal: { Service: "lambda.amazonaws.com" },
                Action: "sts:AssumeRole",
                Condition: { StringEquals: { "aws:SourceAccount": account } },
            },
        ]);
        const [policy, another] = ofType(recording, "aws:iam/rolePolicy:RolePolicy");
        assert.equal(another, undefined);
        assert.equal(policy?.inputs.role, "aipx-dev-oms");
        assert.deepEqual(statement(policy?.inputs.policy as string, "Do").Action, "sqs:SendMessage");
    });
});

describe("ServiceSecurityGroup", () => {
    const group = (name: string): ServiceSecurityGroup =>
        new ServiceSecurityGroup(name, { vpcId: "vpc-1", description: name });
    const egress = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
    const ingress = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";

    it("begins without rules, under a name of Pulumi's", async () => {
        const recording = await record(() => void group("empty"));
        assert.deepEqual(names(recording), [
            "aipx:buildingblocks:ServiceSecurityGroup::empty",
            "aws:ec2/securityGroup:SecurityGroup::empty",
        ]);
        const { inputs } = find(recording, "aws:ec2/securityGroup:SecurityGroup", "empty");
        assert.deepEqual(inputs, { vpcId: "vpc-1", description: "empty", revokeRulesOnDelete: true });
    });

    it("connects to a group with a rule at each end, once", async () => {
        const recording = await record(() => {
            const [client, store] = [group("client"), group("store")];
            client.connectTo(store.destination("store", 6379));
            client.connectTo(store.destination("store", 6379));
        });
        const id = (name: string): string => find(recording, "aws:ec2/securityGroup:SecurityGroup", name).id;
        const rule = { ipProtocol: "tcp", fromPort: 6379, toPort: 6379, description: "client to store" };
        assert.deepEqual(
            ofType(recording, egress).map(({ name, inputs }) => [name, inputs]),
            [["client-to-store", { ...rule, securityGroupId: id("client"), referencedSecurityGroupId: id("store") }]],
        );
        assert.deepEqual(
            ofType(recording, ingress).map(({ name, inputs }) => [name, inputs]),
            [["store-from-client", { ...rule, securityGroupId: id("store"), referencedSecurityGroupId: id("client") }]],
        );
    });

    it("connects to itself, to a prefix list and to the internet", async () => {
        const recording = await record(() => {
            const client = group("client");
            client.connectToSelf("peers", 9098);
            client.connectTo({ kind: "prefix-list", name: "s3", prefixListId: "pl-1", port: 443 });
            client.connectTo({ kind: "internet", name: "broker", port: 9443 });
        });
        const { id } = find(recording, "aws:ec2/securityGroup:SecurityGroup", "client");
        const to = (name: string): Record<string, unknown> => find(recording, egress, `client-to-${name}`).inputs;
        assert.equal(to("peers").referencedSecurityGroupId, id);
        assert.equal(to("s3").prefixListId, "pl-1");
        assert.deepEqual(
            [to("broker").cidrIpv4, to("broker").fromPort, to("broker").toPort],
            ["0.0.0.0/0", 9443, 9443],
        );
        assert.deepEqual(
            ofType(recording, ingress).map(({ name }) => name),
            ["peers-from-client"],
        );
    });

    it("admits an address range", async () => {
        const recording = await record(() => group("alb").admitCidr("10.1.0.0/16", 443));
        const { inputs } = find(recording, ingress, "alb-from-10.1.0.0/16");
        assert.deepEqual([inputs.cidrIpv4, inputs.fromPort, inputs.toPort], ["10.1.0.0/16", 443, 443]);
    });
});

describe("ServiceSecret", () => {
    const secret = (disposable = true): ServiceSecret =>
        new ServiceSecret("kis", {
            scope,
            secretName: "kis-credentials",
            description: "Keys of the broker",
            keys: ["app_key", "app_secret"],
            key: key(),
            disposable,
        });

    it("is a secret without a value", async () => {
        const recording = await record(() => void secret());
        const { inputs, options } = find(recording, "aws:secretsmanager/secret:Secret", "kis");
        assert.deepEqual(inputs, {
            name: "aipx/dev/kis-credentials",
            description: "Keys of the broker",
            kmsKeyId: find(recording, "aws:kms/key:Key", "key").outputs.arn,
            recoveryWindowInDays: 0,
        });
        assert.ok(!options.protect);
        assert.equal(ofType(recording, "aws:secretsmanager/secretVersion:SecretVersion").length, 0);
    });

    it("refuses a name that Secrets Manager would take for a complete ARN", async () => {
        for (const secretName of ["kis-kosdaq", "a-b-cdef"]) {
            const args = { scope, secretName, description: "d", keys: ["k"], disposable: true };
            await assert.rejects(
                record(() => void new ServiceSecret("kis", { ...args, key: key() })),
                new RegExp(`secret kis: secretName is "${secretName}", which ends in a hyphen and six characters`),
            );
        }
        await record(() => {
            const args = { scope, secretName: "kis-krx", description: "d", keys: ["k"], disposable: true };
            new ServiceSecret("kis", { ...args, key: key() });
        });
    });

    it("can be brought back for 30 days unless it is disposable", async () => {
        const kept = find(await record(() => void secret(false)), "aws:secretsmanager/secret:Secret", "kis");
        assert.equal(kept.inputs.recoveryWindowInDays, 30);
        assert.equal(kept.options.protect, true);
    });

    it("is read by its name and six characters, with its key", async () => {
        let kis!: ServiceSecret;
        await record(() => {
            kis = secret();
        });
        const [read, decrypt] = kis.read().statements;
        assert.deepEqual(read, {
            sid: "ReadKisCredentials",
            actions: ["secretsmanager:GetSecretValue"],
            resources: [arn("secretsmanager", "secret:aipx/dev/kis-credentials-??????")],
        });
        assert.deepEqual([decrypt?.sid, decrypt?.actions], ["DecryptKisCredentials", ["kms:Decrypt"]]);
        assert.equal(kis.read().dependsOn.length, 1);
        assert.equal(kis.valueFrom("app_key"), arn("secretsmanager", "secret:aipx/dev/kis-credentials:app_key::"));
        assert.throws(() => kis.valueFrom("password"), {
            message: 'secret aipx/dev/kis-credentials has no key "password"; it has app_key, app_secret',
        });
    });
});

describe("ImageRepository", () => {
    const repository = (pulledBy: "ecs" | "lambda"): ImageRepository =>
        new ImageRepository("oms", { scope, service: "oms", key: key(), pulledBy, disposable: true });

    it("keeps tags, scans, encrypts and forgets old images", async () => {
        const recording = await record(() => void repository("ecs"));
        assert.deepEqual(find(recording, "aws:ecr/repository:Repository", "oms").inputs, {
            name: "aipx/dev/oms",
            imageTagMutability: "IMMUTABLE",
            imageScanningConfiguration: { scanOnPush: true },
            encryptionConfigurations: [
                { encryptionType: "KMS", kmsKey: find(recording, "aws:kms/key:Key", "key").outputs.arn },
            ],
            forceDelete: true,
        });
        const { policy } = find(recording, "aws:ecr/lifecyclePolicy:LifecyclePolicy", "oms").inputs;
        const { rules } = JSON.parse(policy as string) as { rules: { selection: unknown; action: unknown }[] };
        assert.deepEqual(
            rules.map(({ selection, action }) => [selection, action]),
            [[{ tagStatus: "any", countType: "imageCountMoreThan", countNumber: 20 }, { type: "expire" }]],
        );
        assert.equal(ofType(recording, "aws:ecr/repositoryPolicy:RepositoryPolicy").length, 0);
    });

    it("admits Lambda, for functions of the installation, where Lambda pulls", async () => {
        const recording = await record(() => void repository("lambda"));
        const policy = find(recording, "aws:ecr/repositoryPolicy:RepositoryPolicy", "oms").inputs.policy as string;
        assert.deepEqual(statements(policy), [
            {
                Sid: "LambdaPull",
                Effect: "Allow",
                Principal: { Service: "lambda.amazonaws.com" },
                Action: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
                Condition: { ArnLike: { "aws:SourceArn": arn("lambda", "function:aipx-dev-*") } },
            },
        ]);
    });

    it("names images by digest or tag", async () => {
        let made!: ImageRepository;
        await record(() => {
            made = repository("ecs");
        });
        const url = `${account}.dkr.ecr.ap-northeast-2.amazonaws.com/aipx/dev/oms`;
        assert.equal(made.url, url);
        assert.equal(made.arn, arn("ecr", "repository/aipx/dev/oms"));
        assert.equal(made.image("v1"), `${url}:v1`);
        assert.equal(made.image("sha256:00"), `${url}@sha256:00`);
    });
});
