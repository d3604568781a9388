import { type Resource, type Stack } from "../core/resource";
import { type Check, is, isOrAbsent, isSet, type Rule } from "../core/rule";
import { everyItem, propertyRule } from "../core/property-rule";
import { type Value } from "../core/value";
import { accessBlocks, buckets, eachMust, objects, tokens, valuesAtAny } from "./s3-buckets";

const acls = tokens("bucketAcl");
const websites = tokens("bucketWebsiteConfiguration");

/** What blocks the public. */
const blocks = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

const isPublicGrantee = ({ text = "" }: Value): boolean => /\/(AllUsers|AuthenticatedUsers)$/.test(text);

/** Rules that keep the public out: blocks and access control lists. */
export const publicAccessRules: readonly Rule[] = [
    {
        kind: "resource",
        name: "s3-public-access-block-require-all",
        description: "All four ways of making a bucket public must be blocked.",
        severity: "critical",
        category: "network",
        controls: ["S3-102", "S3-103", "S3-104", "S3-105", "S3-106"],
        remediation: `Set ${blocks.join(", ")} to true.`,
        types: [...accessBlocks, "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock"],
        check(resource: Resource, check: Check): void {
            for (const block of blocks) {
                check.must(resource, resource.props.at(block), is(true), `${block} must be true.`);
            }
        },
    },
    {
        kind: "stack",
        name: "s3-bucket-require-public-access-block",
        description: "Every bucket must have a block against becoming public.",
        severity: "critical",
        category: "network",
        controls: ["S3-102", "S3-103", "S3-104", "S3-105"],
        remediation: "Add an aws.s3.BucketPublicAccessBlock for the bucket.",
        check(stack: Stack, check: Check): void {
            eachMust(stack, check, {
                types: accessBlocks,
                values: ({ type, props }) => (accessBlocks.includes(type) ? [props] : []),
                test: () => true,
                message: "The bucket must have an aws.s3.BucketPublicAccessBlock.",
            });
        },
    },
    {
        kind: "resource",
        name: "s3-access-point-require-public-access-block",
        description: "Access points must block the public; they do unless told otherwise.",
        severity: "critical",
        category: "network",
        controls: ["S3-122"],
        remediation:
            "Leave the public access block out, or set all of its four members to true. AWS replaces the access point.",
        types: ["aws:s3/accessPoint:AccessPoint", "aws:s3control/multiRegionAccessPoint:MultiRegionAccessPoint"],
        check(resource: Resource, check: Check): void {
            for (const path of [["publicAccessBlockConfiguration"], ["details", "publicAccessBlock"]]) {
                for (const block of blocks) {
                    const value = resource.props.at(...path, block);
                    // What is unknown altogether is said once.
                    if (!value.isUnknown || !resource.props.at(...path).isUnknown || block === blocks[0]) {
                        check.must(resource, value, isOrAbsent(true), `${path.join(".")}.${block} must be true.`);
                    }
                }
            }
        },
    },
    {
        kind: "resource",
        name: "s3-disallow-public-acl",
        description: "No access control list may open a bucket or an object to everybody.",
        severity: "critical",
        category: "network",
        controls: ["S3-107"],
        remediation: 'Take acl and grants out, or set acl to "private".',
        types: [...acls, ...buckets, ...objects],
        check(resource: Resource, check: Check): void {
            const { props } = resource;
            check.must(
                resource,
                props.at("acl"),
                ({ isAbsent, text }) => isAbsent || (text !== undefined && !/^(public-|authenticated-)/.test(text)),
                "acl must not be public: leave it out.",
            );
            for (const grantee of valuesAtAny(
                props,
                ["grants", everyItem, "uri"],
                ["accessControlPolicy", "grants", everyItem, "grantee", "uri"],
            )) {
                check.must(resource, grantee, (value) => !isPublicGrantee(value), "Grants must not be to everybody.");
            }
        },
    },
    propertyRule({
        name: "s3-bucket-disallow-acls",
        description: "Access control lists must be off: bucket and objects belong to the account.",
        severity: "medium",
        category: "least-privilege",
        controls: ["S3-108"],
        remediation: 'Set rule.objectOwnership to "BucketOwnerEnforced", as new buckets have it.',
        types: ["aws:s3/bucketOwnershipControls:BucketOwnershipControls"],
        path: ["rule", "objectOwnership"],
        test: is("BucketOwnerEnforced"),
        message: 'rule.objectOwnership must be "BucketOwnerEnforced".',
    }),
];

export const websiteRule: Rule = {
    kind: "resource",
    name: "s3-bucket-disallow-website",
    description: "Buckets must not be websites: these have neither TLS nor a private origin.",
    severity: "medium",
    category: "network",
    controls: ["S3-124"],
    remediation: "Put CloudFront with an origin access control before the bucket.",
    types: [...websites, ...buckets],
    check(resource: Resource, check: Check): void {
        if (websites.includes(resource.type)) {
            check.fail(resource, "bucket", "There must be no website: use CloudFront with an origin access control.");
            return;
        }
        for (const property of ["website", "websites"]) {
            check.must(
                resource,
                resource.props.at(property),
                (value) => !isSet(value),
                `${property} must be left out: use CloudFront with an origin access control.`,
            );
        }
    },
};
