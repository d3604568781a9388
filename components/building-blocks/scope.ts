/** Where an installation of the platform lives. */
export interface ScopeArgs {
    /** Name of the project, first part of every physical name: `aipx`. */
    project: string;
    /** Name of the environment, second part of every physical name: `dev`. Two installations in one account differ here. */
    environment: string;
    /** AWS region, for example `ap-northeast-2`. */
    region: string;
    /** Id of the AWS account, 12 digits. */
    accountId: string;
    /**
     * AWS partition.
     * @default "aws"
     */
    partition?: string;
}

/**
 * Names and ARNs of one installation of the platform.
 *
 * Whatever an IAM document names (roles, topics, queues, secrets, buckets ...) gets its physical name from here, so that
 * its ARN is a plain string before anything exists: a first `pulumi preview` then shows complete documents, and the policy
 * pack can judge them. A change of any field renames, and so replaces, every resource that is named here.
 */
export class Scope {
    readonly project: string;
    readonly environment: string;
    readonly region: string;
    readonly accountId: string;
    readonly partition: string;

    constructor(args: ScopeArgs) {
        this.project = args.project;
        this.environment = args.environment;
        this.region = args.region;
        this.accountId = args.accountId;
        this.partition = args.partition ?? "aws";
    }

    /** `aipx-dev-oms`: for names of resources that are unique in the account and region. */
    name(...parts: string[]): string {
        return [this.project, this.environment, ...parts].join("-");
    }

    /** `aipx/dev/kis-credentials`: for services whose names are paths (secrets, repositories). */
    path(...parts: string[]): string {
        return [this.project, this.environment, ...parts].join("/");
    }

    /** `aipx-dev-data-lake-123456789012`: bucket names are shared by all of AWS, the account's id makes them ours. */
    bucketName(purpose: string): string {
        return `${this.name(purpose)}-${this.accountId}`;
    }

    /** `arn:aws:sqs:ap-northeast-2:123456789012:aipx-dev-orders` for `arn("sqs", "aipx-dev-orders")`. */
    arn(service: string, resource: string): string {
        return `arn:${this.partition}:${service}:${this.region}:${this.accountId}:${resource}`;
    }

    /** ARN of a resource of a global service, which has no region: `arn:aws:iam::123456789012:role/aipx-dev-oms`. */
    globalArn(service: string, resource: string): string {
        return `arn:${this.partition}:${service}::${this.accountId}:${resource}`;
    }

    /** ARN of a bucket, or with `key` of the objects in it. Bucket ARNs carry neither region nor account. */
    bucketArn(bucketName: string, key?: string): string {
        return `arn:${this.partition}:s3:::${bucketName}${key === undefined ? "" : `/${key}`}`;
    }
}
