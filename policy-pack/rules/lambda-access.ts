import { type Resource } from "../core/resource";
import { type Check, is, isSet, type Rule } from "../core/rule";
import { propertyRule } from "../core/property-rule";
import { type Value } from "../core/value";
import { permissionType, urlType } from "./lambda-types";

/** Rules about who may invoke a function. */
export const accessRules: readonly Rule[] = [
    propertyRule({
        name: "lambda-function-url-require-iam",
        description: "Function URLs answer only those who sign their requests.",
        types: [urlType],
        path: ["authorizationType"],
        test: is("AWS_IAM"),
        message: "`authorizationType` must be `AWS_IAM`",
        severity: "high",
        category: "network",
        controls: ["Lambda-048"],
        remediation: 'Set `authorizationType` to "AWS_IAM".',
    }),
    {
        kind: "resource",
        name: "lambda-permission-disallow-public",
        description: "Nobody outside can invoke a function, or use a layer.",
        types: [permissionType, "aws:lambda/layerVersionPermission:LayerVersionPermission"],
        severity: "critical",
        category: "least-privilege",
        controls: ["Lambda-050"],
        remediation: "Name the account, the service or the organisation instead of `*`.",
        check(resource: Resource, check: Check): void {
            const { props } = resource;
            const organization = ["principalOrgId", "organizationId"].map((key) => props.at(key));
            if (organization.some(({ text }) => !!text)) {
                return;
            }
            const isNamed = (value: Value): boolean => isSet(value) && !(value.text ?? "*").includes("*");
            check.must(resource, props.at("principal"), isNamed, "`principal` must not be `*`");
            const url = props.at("functionUrlAuthType");
            check.must(resource, url, (value) => !is("NONE")(value), "`functionUrlAuthType` must be `AWS_IAM`");
        },
    },
    {
        kind: "resource",
        name: "lambda-permission-require-source",
        description: "Services invoke a function only for what is named: not for everybody who uses the service.",
        types: [permissionType],
        severity: "high",
        category: "least-privilege",
        controls: ["Lambda-051"],
        remediation: "Set `sourceArn` to what invokes the function; for a bucket also `sourceAccount`.",
        check(resource: Resource, check: Check): void {
            const { props } = resource;
            const principal = props.at("principal");
            const [arn, account] = [props.at("sourceArn"), props.at("sourceAccount")];
            if (!principal.isUnknown && !/\.amazonaws\.com(\.cn)?$/.test(principal.text ?? "")) {
                return;
            }
            if (isSet(account) && !account.isUnknown) {
                return;
            }
            // ARNs of buckets have no account: a bucket that is deleted can be made again by anybody.
            const isScoped = ({ text = "" }: Value): boolean => {
                const [, , , , owner, ...rest] = text.split(":");
                return /^\d{12}$/.test(owner ?? "") && rest.join(":").replace(/[*?]/g, "") !== "";
            };
            const needed = arn.isAbsent && account.isUnknown ? account : arn;
            if (principal.isUnknown && !isScoped(arn)) {
                check.undetermined(resource, principal);
            } else {
                const message = "`sourceArn` must name one account and what in it, or `sourceAccount` be set";
                const isOfStack = ({ sources }: Value): boolean => sources.some((type) => !/^aws:s3\//.test(type));
                check.must(resource, needed, isScoped, message, isOfStack);
            }
        },
    },
];
