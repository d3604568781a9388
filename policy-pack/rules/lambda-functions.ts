import { customerKey } from "../core/customer-key";
import { type Resource } from "../core/resource";
import { type Check, is, isSet, madeOf, type Rule } from "../core/rule";
import { hasSecretName, secretReason } from "../core/secret-text";
import { propertyRule } from "../core/property-rule";
import { type Value } from "../core/value";
import { subnetTypes } from "../graph/routes";
import { imageParameters, mustBePinned } from "./images";
import { functionType } from "./lambda-types";

const functionTypes = [functionType];

const packageType = ({ props }: Resource): Value => props.at("packageType");
/** Whether a function's code is a ZIP file, as it is unless something else is said. */
const isZip = (resource: Resource): boolean | Value =>
    packageType(resource).isUnknown ? packageType(resource) : packageType(resource).text !== "Image";

/** Members of a list that are not the same. Two that are not known yet are taken to be two. */
function distinct(list: Value): number {
    const items = list.items();
    return items.filter(({ isUnknown }) => isUnknown).length + new Set(items.flatMap(({ text }) => text ?? [])).size;
}

/** Rules about what functions are set to. */
export const functionRules: readonly Rule[] = [
    {
        kind: "resource",
        name: "lambda-function-disallow-plaintext-secrets",
        description: "No secret stands in a function's environment.",
        types: functionTypes,
        severity: "high",
        category: "least-privilege",
        controls: ["Lambda-041"],
        remediation: "Put the value into Secrets Manager, and have the function read it when it starts.",
        parameters: {
            allowed: {
                description: "Names of variables that look like secrets and are none",
                type: "array",
                items: { type: "string" },
                default: [],
            },
        },
        check(resource: Resource, check: Check): void {
            const variables = resource.props.at("environment", "variables");
            if (variables.isUnknown) {
                check.undetermined(resource, variables);
            }
            for (const [name, value] of variables.entries()) {
                if (check.parameter<string[]>("allowed").includes(name)) {
                    continue;
                }
                const reason = secretReason(name, value);
                if (value.isUnknown && hasSecretName(name)) {
                    check.undetermined(resource, value);
                } else if (reason !== undefined) {
                    check.fail(resource, value, `\`${name}\` must be read from Secrets Manager: ${reason}`);
                }
            }
        },
    },
    propertyRule({
        name: "lambda-function-require-tracing",
        description: "Functions are traced with X-Ray.",
        types: functionTypes,
        path: ["tracingConfig", "mode"],
        test: is("Active"),
        message: "`tracingConfig.mode` must be `Active`",
        severity: "low",
        category: "logging",
        controls: ["Lambda-042"],
        remediation: 'Set `tracingConfig` to { mode: "Active" }.',
    }),
    propertyRule({
        name: "lambda-function-require-vpc",
        description: "Functions run in the VPC.",
        types: functionTypes,
        path: ["vpcConfig", "subnetIds"],
        test: (subnets, check) => isSet(subnets) || !check.parameter<boolean>("required"),
        from: madeOf(subnetTypes),
        message: "`vpcConfig.subnetIds` must name the subnets of the VPC",
        severity: "low",
        category: "network",
        controls: ["Lambda-045"],
        remediation: "Set `vpcConfig` to private subnets and a security group of the function.",
        parameters: {
            required: { description: "Whether functions must run in a VPC", type: "boolean", default: true },
        },
    }),
    propertyRule({
        name: "lambda-function-require-several-subnets",
        description: "Functions in a VPC have subnets in more than one availability zone.",
        types: functionTypes,
        path: ["vpcConfig", "subnetIds"],
        when: ({ props }) => isSet(props.at("vpcConfig", "subnetIds")),
        test: (subnets, check) => distinct(subnets) >= check.parameter<number>("least"),
        from: (subnets, check) => subnets.comesFrom(subnetTypes, check.parameter<number>("least")),
        message: (check) => `\`vpcConfig.subnetIds\` must name at least ${check.parameter<number>("least")} subnets`,
        severity: "medium",
        category: "resilience",
        controls: ["Lambda-046"],
        remediation: "Name one subnet in each availability zone in `vpcConfig.subnetIds`.",
        parameters: {
            least: { description: "Fewest subnets", type: "integer", minimum: 1, default: 2 },
        },
    }),
    propertyRule({
        name: "lambda-function-require-environment-key",
        description: "Environment variables of functions are encrypted with a key of our own.",
        types: functionTypes,
        path: ["kmsKeyArn"],
        when: ({ props }) => {
            const variables = props.at("environment", "variables");
            return variables.isUnknown ? variables : variables.entries().length > 0;
        },
        ...customerKey,
        message: "`kmsKeyArn` must be a KMS key of our own",
        severity: "medium",
        category: "encryption-at-rest",
        controls: ["Lambda-047"],
        remediation: "Set `kmsKeyArn` to a KMS key that the function's role may decrypt with.",
    }),
    propertyRule({
        name: "lambda-function-require-code-signing",
        description: "Functions from ZIP files run signed code only.",
        types: functionTypes,
        path: ["codeSigningConfigArn"],
        when: isZip,
        test: isSet,
        message: "`codeSigningConfigArn` must be set for a function that is no image",
        severity: "medium",
        category: "workload",
        controls: ["Lambda-049"],
        remediation: "Set `codeSigningConfigArn`, or deliver the function as an image that is named by digest.",
    }),
    propertyRule({
        name: "lambda-code-signing-require-enforcement",
        description: "Code that is not signed is refused, and not only reported.",
        types: ["aws:lambda/codeSigningConfig:CodeSigningConfig"],
        path: ["policies", "untrustedArtifactOnDeployment"],
        test: is("Enforce"),
        message: "`policies.untrustedArtifactOnDeployment` must be `Enforce`",
        severity: "medium",
        category: "workload",
        controls: ["Lambda-049"],
        remediation: 'Set `policies` to { untrustedArtifactOnDeployment: "Enforce" }.',
    }),
    {
        kind: "resource",
        name: "lambda-function-require-pinned-image",
        description: "Functions run images that nobody can exchange, from a registry of our own.",
        types: functionTypes,
        severity: "medium",
        category: "workload",
        controls: ["Lambda-049"],
        remediation: "Push the image to an ECR repository of the account, and name it by digest in `imageUri`.",
        parameters: imageParameters,
        check(resource: Resource, check: Check): void {
            const image = resource.props.at("imageUri");
            if (packageType(resource).text === "Image" || !image.isAbsent) {
                mustBePinned(resource, image, resource.props.at("role"), check);
            }
        },
    },
    propertyRule({
        name: "lambda-function-require-supported-runtime",
        description: "Functions from ZIP files run on a runtime that AWS still supports.",
        types: functionTypes,
        path: ["runtime"],
        when: isZip,
        test: (runtime, check) => check.parameter<string[]>("runtimes").includes(runtime.text ?? ""),
        message: (check) => `\`runtime\` must be one of ${check.parameter<string[]>("runtimes").join(", ")}`,
        severity: "medium",
        category: "workload",
        controls: ["Lambda-052"],
        remediation: "Move the function to a runtime that AWS supports, and set `runtime`.",
        parameters: {
            runtimes: {
                description: "Runtimes that AWS supports",
                type: "array",
                items: { type: "string" },
                default: [
                    ...["dotnet10", "java8.al2", "java11", "java17", "java21", "java25", "nodejs22.x", "nodejs24.x"],
                    ...[
                        "provided.al2023",
                        "python3.11",
                        "python3.12",
                        "python3.13",
                        "python3.14",
                        "ruby3.3",
                        "ruby3.4",
                    ],
                ],
            },
        },
    }),
    ...(["memorySize", "timeout"] as const).map((property) =>
        propertyRule({
            name: `lambda-function-require-${property === "timeout" ? "timeout" : "memory"}`,
            description: `Functions say their ${property === "timeout" ? "time limit" : "memory"} instead of taking what AWS has for all.`,
            types: functionTypes,
            path: [property],
            test: ({ number }) => number !== undefined,
            message: `\`${property}\` must be set`,
            severity: "low",
            category: "cost",
            controls: ["Lambda-053"],
            remediation: `Set \`${property}\` to what the function was measured to need.`,
        }),
    ),
    {
        kind: "resource",
        name: "lambda-function-require-structured-logging",
        description: "Functions log JSON, from a level on, to a log group that is named.",
        types: functionTypes,
        severity: "low",
        category: "logging",
        controls: ["Lambda-056"],
        remediation:
            'Set `loggingConfig` with `logGroup`, `logFormat: "JSON"`, `applicationLogLevel` and `systemLogLevel`.',
        check(resource: Resource, check: Check): void {
            const config = resource.props.at("loggingConfig");
            check.must(resource, config.at("logGroup"), isSet, "`loggingConfig.logGroup` must be set");
            check.must(resource, config.at("logFormat"), is("JSON"), "`loggingConfig.logFormat` must be `JSON`");
            for (const level of ["applicationLogLevel", "systemLogLevel"]) {
                check.must(resource, config.at(level), isSet, `\`loggingConfig.${level}\` must be set`);
            }
        },
    },
];
