import { customerKey } from "../core/customer-key";
import { type Resource } from "../core/resource";
import { type Check, is, isSet, type Rule } from "../core/rule";
import { propertyRule } from "../core/property-rule";
import { type Value } from "../core/value";
import { isTrue } from "./ecs-flags";

const clusterTypes = ["aws:ecs/cluster:Cluster"];

const insightsOn = is("enabled", "enhanced");

/** Rules about clusters and their capacity. */
export const clusterRules: readonly Rule[] = [
    propertyRule({
        name: "ecs-cluster-require-container-insights",
        description: "Clusters report the metrics of Container Insights.",
        types: clusterTypes,
        path: ["settings"],
        test: (settings) =>
            settings
                .items()
                .some((setting) => is("containerInsights")(setting.at("name")) && insightsOn(setting.at("value"))),
        message: "`settings` must have `containerInsights` with the value `enabled` or `enhanced`",
        severity: "medium",
        category: "logging",
        controls: ["ECS-025"],
        remediation: 'Set `settings: [{ name: "containerInsights", value: "enabled" }]`.',
    }),
    {
        kind: "resource",
        name: "ecs-cluster-require-exec-logging",
        description: "What is typed in shells that ECS Exec opens is logged.",
        types: clusterTypes,
        severity: "medium",
        category: "logging",
        controls: ["ECS-026"],
        remediation:
            'Set `configuration.executeCommandConfiguration.logging` to "OVERRIDE", and `logConfiguration` to a log group or a bucket.',
        check(resource: Resource, check: Check): void {
            const exec = resource.props.at("configuration", "executeCommandConfiguration");
            const logging = exec.at("logging");
            check.must(resource, logging, (value) => !is("NONE")(value), "`logging` must be `OVERRIDE` or `DEFAULT`");
            if (logging.text === "OVERRIDE") {
                const log = exec.at("logConfiguration");
                const isLogged = (value: Value): boolean =>
                    isSet(value.at("cloudWatchLogGroupName")) || isSet(value.at("s3BucketName"));
                check.must(resource, log, isLogged, "`logConfiguration` must name a log group or a bucket");
            }
        },
    },
    {
        kind: "resource",
        name: "ecs-cluster-require-exec-encryption",
        description: "Shells that ECS Exec opens, and their logs, are encrypted with a key of our own.",
        types: clusterTypes,
        severity: "medium",
        category: "encryption-at-rest",
        controls: ["ECS-027"],
        remediation:
            "Set `configuration.executeCommandConfiguration.kmsKeyId` to a KMS key, and `cloudWatchEncryptionEnabled` or `s3BucketEncryptionEnabled` to true.",
        check(resource: Resource, check: Check): void {
            const exec = resource.props.at("configuration", "executeCommandConfiguration");
            const { test, from } = customerKey;
            check.must(resource, exec.at("kmsKeyId"), test, "`kmsKeyId` must be a KMS key of our own", from);
            for (const [target, encrypted] of [
                ["cloudWatchLogGroupName", "cloudWatchEncryptionEnabled"],
                ["s3BucketName", "s3BucketEncryptionEnabled"],
            ] as const) {
                const log = exec.at("logConfiguration");
                if (isSet(log.at(target))) {
                    check.must(resource, log.at(encrypted), isTrue, `\`${encrypted}\` must be true`);
                }
            }
        },
    },
    propertyRule({
        name: "ecs-cluster-require-ephemeral-storage-key",
        description: "The disks of Fargate tasks are encrypted with a key of our own.",
        types: clusterTypes,
        path: ["configuration", "managedStorageConfiguration", "fargateEphemeralStorageKmsKeyId"],
        ...customerKey,
        message: "`fargateEphemeralStorageKmsKeyId` must be a KMS key of our own",
        severity: "medium",
        category: "encryption-at-rest",
        controls: [],
        remediation: "Set `configuration.managedStorageConfiguration.fargateEphemeralStorageKmsKeyId` to a KMS key.",
    }),
    propertyRule({
        name: "ecs-capacity-provider-require-termination-protection",
        description: "Instances with tasks on them are not terminated when a group of instances shrinks.",
        types: ["aws:ecs/capacityProvider:CapacityProvider"],
        path: ["autoScalingGroupProvider", "managedTerminationProtection"],
        when: ({ props }) => !props.at("autoScalingGroupProvider").isAbsent,
        test: is("ENABLED"),
        message: "`managedTerminationProtection` must be `ENABLED`",
        severity: "medium",
        category: "resilience",
        controls: ["ECS-040"],
        remediation: 'Set `autoScalingGroupProvider.managedTerminationProtection` to "ENABLED".',
    }),
];
