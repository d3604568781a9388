import { accountsOfProvider } from "./own-accounts";
import { type Resource } from "../core/resource";
import { type Check, type Parameters } from "../core/rule";
import { type Value } from "../core/value";

/** Parameters of rules about images. */
export const imageParameters: Parameters = {
    accounts: {
        description: "Accounts whose registries images may come from, beside the account of the role that runs them",
        type: "array",
        items: { type: "string" },
        default: [],
    },
    requireDigest: {
        description: "Whether images must be named by digest: a tag does not suffice, not even one that can't be moved",
        type: "boolean",
        default: false,
    },
};

const ecrImage =
    /^(\d{12})\.dkr\.ecr(?:-fips)?\.[a-z\d-]+\.amazonaws\.com(?:\.cn)?\/[^:@\s]+(?::([\w.-]+))?(@sha256:[\da-f]{64})?$/;

/** An image must be one that nobody can exchange, from a registry of our own. `role` is the ARN of who runs it. */
export function mustBePinned(resource: Resource, image: Value, role: Value, check: Check): void {
    const digestOnly = check.parameter<boolean>("requireDigest");
    const wanted = `by digest (\`...@sha256:...\`)${digestOnly ? "" : " or by a tag other than `latest`"}`;
    const parse = (value: Value): RegExpExecArray | null => ecrImage.exec(value.text ?? "");
    check.must(
        resource,
        image,
        (value) => parse(value) !== null,
        `the image must come from an ECR repository, ${wanted}`,
    );
    const parsed = parse(image);
    if (!parsed) {
        return;
    }
    const [, account = "", tag = "latest", digest] = parsed;
    if (digest === undefined && (digestOnly || tag === "latest")) {
        check.fail(resource, image, `the image must be named ${wanted}`);
    }
    if (check.parameter<string[]>("accounts").includes(account)) {
        return;
    }
    const owner =
        (resource.provider && accountsOfProvider(resource.provider)[0]) ??
        /^arn:[^:]*:iam::(\d{12}):/.exec(role.text ?? "")?.[1];
    if (owner === undefined && role.isUnknown) {
        check.undetermined(resource, role);
    } else if (owner !== undefined && owner !== account) {
        check.fail(
            resource,
            image,
            `the image must come from a registry of account ${owner}, or of one in \`accounts\``,
        );
    }
}
