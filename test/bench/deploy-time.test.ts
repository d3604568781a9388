import * as assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import program from "../../index";
import { secondsOf, timedTypes } from "../../bench/deploy-minutes";
import { changedByImage, delays, deployTimes, firstUp, goal, imageUpdate } from "../../bench/deploy-time";
import { simulate } from "../../bench/simulate";
import { recordProgram } from "../../plan/record";
import { find, record, type Recording, typeAndName } from "../support/record";
import { planOf, stackNames } from "../support/stacks";

const start = (recording: Recording, type: string, name: string, waits?: "parts" | "forced"): number =>
    simulate(firstUp(recording, waits)).runs.get(find(recording, type, name).urn)!.start;

describe("time to deploy", () => {
    describe("waits", () => {
        const topicType = "aws:sns/topic:Topic";

        it("counts references for AWS's, and other dependencies, components and parents only for Pulumi's", async () => {
            const recording = await record(() => {
                const slow = new aws.ec2.NatGateway("slow", { subnetId: "subnet-1" });
                new aws.sns.Topic("depends", {}, { dependsOn: slow });
                new aws.sns.Topic("child", {}, { parent: slow });
                new aws.sns.Topic("refers", { displayName: slow.id });
                const group = new pulumi.ComponentResource("test:index:Group", "group", {}, { dependsOn: slow });
                new aws.sns.Topic("inside", {}, { parent: group });
            });
            const starts = (waits?: "forced"): number[] =>
                ["depends", "child", "refers", "inside"].map((name) => start(recording, topicType, name, waits));
            assert.deepEqual(starts(), [120, 120, 120, 120]);
            assert.deepEqual(starts("forced"), [0, 0, 120, 0]);
        });

        it("has who takes an output of a remote component wait for all of its parts", async () => {
            const recording = await record(() => {
                const vpc = new awsx.ec2.Vpc("v", {
                    cidrBlock: "10.0.0.0/16",
                    availabilityZoneNames: ["ap-northeast-2a", "ap-northeast-2b"],
                    subnetStrategy: "Auto",
                    subnetSpecs: [
                        { type: "Public", cidrMask: 24 },
                        { type: "Private", cidrMask: 24 },
                    ],
                    natGateways: { strategy: "Single" },
                    enableDnsHostnames: true,
                    enableDnsSupport: true,
                });
                new aws.ec2.SecurityGroup("g", { vpcId: vpc.vpcId });
            });
            const group = "aws:ec2/securityGroup:SecurityGroup";
            const natDone = start(recording, "aws:ec2/natGateway:NatGateway", "v-1") + 120;
            assert.ok(start(recording, group, "g") > natDone);
            const vpcDone = secondsOf(find(recording, "aws:ec2/vpc:Vpc", "v"), "create");
            assert.equal(start(recording, group, "g", "parts"), vpcDone);
            assert.equal(start(recording, group, "g", "forced"), vpcDone);
        });

        it("finds what waits long for nothing, and what it costs", async () => {
            const recording = await record(() => {
                const slow = new aws.ec2.NatGateway("slow", { subnetId: "subnet-1" });
                new aws.kms.Key("late", {}, { dependsOn: slow });
                new aws.kms.Key("early", {});
            });
            const [delay, ...others] = delays(recording);
            assert.deepEqual(others, []);
            assert.deepEqual(delay, {
                waiting: [find(recording, "aws:kms/key:Key", "late").urn],
                awaited: find(recording, "aws:ec2/natGateway:NatGateway", "slow"),
                seconds: 120,
                total: 12,
                why: undefined,
            });
        });
    });

    describe("times", () => {
        it("have types of the stacks, or of what comes with a domain of one's own", async () => {
            const plans = await Promise.all(stackNames.map((stack) => planOf(stack)));
            const used = new Set(plans.flatMap(({ recording }) => recording.resources.map(({ type }) => type)));
            assert.deepEqual(
                timedTypes.filter((type) => !used.has(type)),
                ["aws:acm/certificateValidation:CertificateValidation", "aws:route53/record:Record"],
            );
        });

        it("tell sizes apart, and what makes no call", async () => {
            const [dev, production] = await Promise.all([planOf("dev"), planOf("production")]);
            const seconds = ({ recording }: typeof dev, type: string, name: string): number =>
                secondsOf(find(recording, type, name), "create");
            for (const [type, name] of [
                ["aws:rds/instance:Instance", "data-postgres"],
                ["aws:elasticache/replicationGroup:ReplicationGroup", "data-redis"],
            ] as const) {
                assert.ok(seconds(dev, type, name) < seconds(production, type, name), type);
            }
            assert.equal(seconds(production, "aws:sns/topic:Topic", "operations-alarms"), 3);
            assert.equal(seconds(production, "aipx:network:Network", "network"), 0);
        });
    });

    it("updates for new images exactly what a plan with these images changes", async () => {
        const { recording, assumed } = await planOf("dev");
        const images = JSON.parse(assumed.config["aipx:images"]!) as Record<string, string>;
        const services = ["oms", "notification"];
        const newImages = Object.fromEntries(services.map((service) => [service, `sha256:${"0".repeat(64)}`]));
        const other = await recordProgram(program, {
            stack: recording.stack,
            config: { ...assumed.config, "aipx:images": JSON.stringify({ ...images, ...newImages }) },
            secretConfigKeys: assumed.secretKeys,
        });
        const inputsAfter = new Map(other.resources.map(({ urn, inputs }) => [urn, JSON.stringify(inputs)]));
        const differs = recording.resources.filter(
            ({ kind, urn, inputs }) => kind === "custom" && JSON.stringify(inputs) !== inputsAfter.get(urn),
        );

        const changed = services.map((service) => changedByImage(recording, images[service]!));
        const names = recording.resources.filter(({ urn }) => changed.some((urns) => urns.has(urn))).map(typeAndName);
        // The plan gives all revisions of a task definition one ARN; AWS does not, so the service and its trial change as well.
        const byRevision = [
            "aws:ecs/service:Service::hot-path-oms",
            "aws:lambda/invocation:Invocation::hot-path-oms-trial",
        ];
        assert.deepEqual(names.sort(), [...differs.map(typeAndName), ...byRevision].sort());
        for (const [index, service] of services.entries()) {
            const tasks = imageUpdate(recording, images[service]!).filter(({ seconds }) => seconds > 0);
            assert.deepEqual(new Set(tasks.map(({ id }) => id)), changed[index]);
        }
    });

    for (const stack of stackNames) {
        it(`${stack}: little longer than what AWS forces, and nothing waits that need not`, async () => {
            const { times, delays: found } = deployTimes(await planOf(stack, true), await planOf(stack));
            assert.equal(times.length, 3);
            for (const { what, seconds, forced, path } of times) {
                assert.ok(forced > 0);
                assert.ok(seconds <= goal * forced, `${what}: ${seconds} s, and AWS forces ${forced} s: ${path}`);
            }
            assert.deepEqual(
                found.filter(({ why }) => why === undefined).map(({ waiting, awaited }) => [waiting, awaited.urn]),
                [],
            );
        });
    }
});
