import { type Condition, type Statement } from "../iam/document";
import { accountOf, breadth } from "./iam-documents";

const callerKeys =
    /^(aws:(Principal(OrgID|OrgPaths|Account|Arn)|Source(Arn|Account|Owner|OrgID|OrgPaths|Vpc|Vpce)|userid)|kms:CallerAccount|s3:DataAccessPointAccount)$/i;
const sourceKeys =
    /^(aws:(Source(Arn|Account|OrgID|OrgPaths)|PrincipalOrgID)|sts:ExternalId|kms:(ViaService|CallerAccount|EncryptionContext:.+))$/i;

/** Whether anybody may be meant: `*`, or everybody but some. */
export const isPublic = ({ principals, notPrincipals }: Statement): boolean =>
    notPrincipals.length > 0 || principals.some(({ kind, value }) => kind === "*" || (kind === "AWS" && value === "*"));

/** Whether conditions limit who calls. */
export const hasCallerLimit = ({ conditions }: Statement): boolean =>
    conditions.some(
        (condition) =>
            limits(condition, callerKeys) ||
            isAddressLimit(condition) ||
            isTrue(condition, "elasticfilesystem:AccessedViaMountTarget"),
    );

/** Whether conditions limit on whose behalf a service calls. */
export const hasSourceLimit = ({ conditions }: Statement): boolean =>
    conditions.some((condition) => limits(condition, sourceKeys) || isTrue(condition, "kms:GrantIsForAWSResource"));

/** Whether a condition limits a key, and to something that nobody else can have. All of one's own account is such a thing. */
const limits = ({ operator, key, values }: Condition, keys: RegExp): boolean =>
    keys.test(key) &&
    /^(ForAnyValue:)?(String|Arn)(Equals|Like|EqualsIgnoreCase)$/i.test(operator) &&
    values.length > 0 &&
    values.every(isOwned);

// The same name may be in any account, so an ARN without one limits nothing. ARNs of S3 have none, but their names are unique.
function isOwned(value: string): boolean {
    if (!value.startsWith("arn:")) {
        // `o-*` and `vpce-*` are everybody's.
        return value !== "" && (!/[*?]/.test(value) || value.replace(/[*?]/g, "").length >= 6);
    }
    const account = value.split(":")[4] ?? "*";
    return account === "" ? breadth(value) === "named" : !/[*?]/.test(account);
}

const isAddressLimit = ({ operator, key, values }: Condition): boolean =>
    /^IpAddress$/i.test(operator) &&
    /^aws:(Vpc)?SourceIp$/i.test(key) &&
    values.length > 0 &&
    !values.some((value) => value.endsWith("/0"));

const isTrue = ({ operator, key, values }: Condition, wanted: string): boolean =>
    /^Bool$/i.test(operator) &&
    key.toLowerCase() === wanted.toLowerCase() &&
    values.length > 0 &&
    values.every((value) => value.toLowerCase() === "true");

/** Accounts that a statement names as principals. */
export const accountsIn = ({ principals }: Statement): string[] =>
    principals.flatMap(({ kind, value }) => (kind === "AWS" ? (accountOf(value) ?? []) : []));

/** Principals that are services. */
export const servicesIn = ({ principals }: Statement): string[] =>
    principals.flatMap(({ kind, value }) => (kind === "Service" ? [value] : []));
