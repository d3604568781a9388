import { asksForVersion, compareVersions, majorOf, wholeVersion } from "../maintenance";
import { type Attempt, type Check, checkEach, refusal, refusedIf, say, unused, valuesAt } from "./attempt";
import { withoutZooKeeperAccess } from "./surroundings";

// What AWS refuses about versions, and about the parameter groups that go with them.

const upgrades = ({ resource, before }: Attempt): boolean => before !== undefined && asksForVersion(resource, before);
const running = ({ before }: Attempt): string => String(before?.outputs.engineVersionActual);

export const databaseUpgrades: Check[] = [
    refusedIf(
        refusal(
            "InvalidParameterCombination",
            "The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version: %",
        ),
        ({ engineVersion, allowMajorVersionUpgrade }, attempt) =>
            upgrades(attempt) &&
            allowMajorVersionUpgrade !== true &&
            majorOf(engineVersion) !== majorOf(running(attempt)),
        ({ inputs }) => inputs.identifier,
    ),
    refusedIf(
        refusal("InvalidParameterCombination", "Cannot upgrade postgres to a lower version than the one that runs: %"),
        (_inputs, attempt) =>
            upgrades(attempt) && compareVersions(wholeVersion(attempt.resource), running(attempt)) < 0,
        ({ inputs }) => inputs.identifier,
    ),
];

/** Family of a group's parameters, by a type and the group's name. */
const familyOf = ({ account }: Attempt, type: string, name: unknown): unknown =>
    account.get(type, String(name))?.inputs.family;

const databaseParameters = "aws:rds/parameterGroup:ParameterGroup";
const cacheParameters = "aws:elasticache/parameterGroup:ParameterGroup";

/** The parameters of a database must be of the family of its version. */
export const databaseFamily: Check = refusedIf(
    refusal(
        "InvalidParameterCombination",
        "The parameter group has another DB parameter group family than database % needs.",
    ),
    ({ parameterGroupName, engine, engineVersion }, attempt) => {
        const family = familyOf(attempt, databaseParameters, parameterGroupName);
        return family !== undefined && family !== `${engine}${majorOf(String(engineVersion))}`;
    },
);

/** The parameters of a cache must exist, be of the family of its version, and go with its mode. */
export const cacheFamily: Check[] = [
    checkEach(
        "parameterGroupName",
        refusal("CacheParameterGroupNotFound", "CacheParameterGroup % not found."),
        (name: string, { account }) => name.startsWith("default.") || account.get(cacheParameters, name) !== undefined,
    ),
    refusedIf(
        refusal("InvalidParameterCombination", "The family of the parameter group does not go with the version of %"),
        ({ parameterGroupName, engine, engineVersion }, attempt) => {
            const family = familyOf(attempt, cacheParameters, parameterGroupName);
            return family !== undefined && family !== `${engine}${majorOf(String(engineVersion))}`;
        },
    ),
    refusedIf(
        refusal("InvalidParameterCombination", "The parameter group does not go with the cluster mode: %"),
        ({ clusterMode, parameterGroupName }, { account }) => {
            const group = account.get(cacheParameters, String(parameterGroupName));
            const enabled = group
                ? valuesAt(group.inputs, "parameters").some(
                      ({ name, value }) => name === "cluster-enabled" && value === "yes",
                  )
                : String(parameterGroupName).endsWith(".cluster.on");
            return parameterGroupName !== undefined && enabled !== (clusterMode === "enabled");
        },
    ),
];

export const databaseParametersInUse: Check = unused(
    refusal(
        "InvalidDBParameterGroupState",
        "One or more database instances are still members of this parameter group %, so the group cannot be deleted",
    ),
    "name",
    { "aws:rds/instance:Instance": "parameterGroupName" },
);

export const cacheParametersInUse: Check = unused(
    refusal(
        "InvalidCacheParameterGroupState",
        "One or more cache clusters are still members of this parameter group: %",
    ),
    "name",
    { "aws:elasticache/replicationGroup:ReplicationGroup": "parameterGroupName" },
);

const kafkaType = (inputs: Record<string, any>): string =>
    String(valuesAt(inputs, "brokerNodeGroupInfo.instanceType")[0]);
const isKRaft = (version: unknown): boolean => String(version).endsWith(".kraft");

/** KRaft is for brokers that are larger than t3; versions from 4.0 on know nothing else. */
export const kafkaBrokersForVersion: Check[] = [
    refusedIf(
        refusal("BadRequestException", "Unsupported InstanceType specified for the Kafka version of %"),
        (inputs) => kafkaType(inputs).startsWith("kafka.t3.") && isKRaft(inputs.kafkaVersion),
    ),
    refusedIf(
        refusal("BadRequestException", "Unsupported KafkaVersion %"),
        ({ kafkaVersion }) => compareVersions(kafkaVersion, "4") >= 0 && !isKRaft(kafkaVersion),
        ({ inputs }) => inputs.kafkaVersion,
    ),
];

const noWay = refusal("BadRequestException", "The cluster cannot be updated to the Kafka version %");

/** Versions go up. The way from ZooKeeper to KRaft is for 3.9.x only, in three zones, with ZooKeeper closed to clients. */
export const kafkaUpgrades: Check[] = [
    ({ inputs, before, account }: Attempt): void => {
        const [from, to] = [String(before!.inputs.kafkaVersion), String(inputs.kafkaVersion)];
        if (from === to) {
            return;
        }
        const migrates = isKRaft(to) && !isKRaft(from);
        const zones = valuesAt(inputs, "brokerNodeGroupInfo.clientSubnets").length;
        const ready =
            from === "3.9.x" && to === "3.9.x.kraft" && zones === 3 && withoutZooKeeperAccess(account).has(before!.id);
        if (compareVersions(to, from) < 0 || (isKRaft(from) && !isKRaft(to)) || (migrates && !ready)) {
            say(noWay, to);
        }
    },
];
