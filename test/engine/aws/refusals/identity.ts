import {
    checkEach,
    needs,
    refusal,
    refusedIf,
    unique,
    unused,
    within,
    type Attempt,
    type Check,
    type Refusal,
    type Refusals,
} from "./attempt";
import { aKey, aRole, aRoleName } from "./exists";
import { principalsOf } from "./permissions";
import { isOutside, scheduledSecrets } from "./surroundings";

/** Roles that a policy names must exist. */
export const principalsExist = (path: string, refused: Refusal): Check =>
    checkEach(path, refused, (document, { account }) =>
        principalsOf(document)
            .filter((principal) => /^arn:aws:iam::\d+:role\//.test(principal))
            .every((principal) => isOutside(account, principal) || aRole(account, principal)),
    );

const noRole = refusal("NoSuchEntity", "The role with name % cannot be found.");
const badPrincipal = refusal("MalformedPolicyDocument", "Invalid principal in policy: %");

export const identity: Record<string, Refusals> = {
    "aws:iam/role:Role": {
        put: [
            principalsExist("assumeRolePolicy", badPrincipal),
            within(
                "maxSessionDuration",
                3600,
                43_200,
                refusal("ValidationError", "Value '%' at 'maxSessionDuration' must be 3600 to 43200"),
            ),
        ],
        create: [unique(refusal("EntityAlreadyExists", "Role with name % already exists."), "name")],
        delete: [
            unused(refusal("DeleteConflict", "Cannot delete entity, must delete policies first: %"), "id", {
                "aws:iam/rolePolicy:RolePolicy": "role",
            }),
        ],
    },
    "aws:iam/rolePolicy:RolePolicy": { put: [needs("role", aRoleName, noRole)] },
    "aws:kms/key:Key": {
        put: [
            principalsExist(
                "policy",
                refusal(
                    "MalformedPolicyDocumentException",
                    "Policy contains a statement with one or more invalid principals: %",
                ),
            ),
            within(
                "deletionWindowInDays",
                7,
                30,
                refusal("ValidationException", "PendingWindowInDays must be between 7 and 30, not %"),
            ),
        ],
        // Only scheduled, whoever uses it.
    },
    "aws:kms/alias:Alias": {
        put: [needs("targetKeyId", aKey, refusal("NotFoundException", "Key '%' does not exist"))],
        create: [unique(refusal("AlreadyExistsException", "An alias with the name % already exists"), "name")],
    },
    "aws:secretsmanager/secret:Secret": {
        put: [
            needs("kmsKeyId", aKey, refusal("InvalidRequestException", "KMS key % was not found")),
            refusedIf(
                refusal("InvalidParameterException", "The RecoveryWindowInDays value must be between 7 and 30 days: %"),
                ({ recoveryWindowInDays: days }) => days !== undefined && days !== 0 && !(days >= 7 && days <= 30),
            ),
        ],
        create: [
            unique(
                refusal("ResourceExistsException", "The operation failed because the secret % already exists."),
                "name",
            ),
            refusedIf(
                refusal(
                    "InvalidRequestException",
                    "You can't create this secret because a secret with this name is already scheduled for deletion: %",
                ),
                (_inputs, { resource, account }) => scheduledSecrets(account).has(String(resource.outputs.name)),
                ({ resource }) => String(resource.outputs.name),
            ),
        ],
        delete: [
            ({ resource, account }: Attempt): void => {
                if (resource.inputs.recoveryWindowInDays !== 0) {
                    scheduledSecrets(account).add(String(resource.outputs.name));
                }
            },
        ],
    },
    "aws:ssm/parameter:Parameter": {
        put: [
            needs("keyId", aKey, refusal("InvalidKeyId", "Key '%' does not exist")),
            checkEach(
                "value",
                refusal(
                    "ValidationException",
                    "Standard tier parameters support a maximum value of 4096 characters: %",
                ),
                (value: string) => value.length > 0 && value.length <= 4096,
            ),
        ],
        create: [unique(refusal("ParameterAlreadyExists", "The parameter % already exists."), "name")],
    },
};
