import type * as aws from "@pulumi/aws";
import { type KnownInputs } from "../building-blocks";
import { isOlder } from "./engine-version";

// Changes of a cluster and its topics that AWS refuses in the middle of an update. Broker types: AWS takes M5 and T3 to M7g, T3 to M5,
// M7g to M5, and nothing to T3 (Amazon MSK Developer Guide, "Update the broker size").

/** What `pulumi up` does instead, if people want it all the same. */
const anew = (what: string): string =>
    `To have it all the same, make ${what} anew: its records are lost. See "Making a store anew" in docs/operations.md.`;

/** What is wrong with a change of the cluster. */
export function clusterProblem(before: KnownInputs, after: KnownInputs): string | undefined {
    const [brokers, wanted] = [before, after].map((inputs) => Number(inputs.numberOfBrokerNodes));
    if (wanted! < brokers!) {
        return `Kafka: brokers is ${wanted}, but ${brokers} run, and brokers that hold partitions cannot be removed. ${anew("the cluster")}`;
    }
    const [type, wantedType] = [before, after].map((inputs) => nodes(inputs).instanceType);
    if (isBurstable(wantedType!) && !isBurstable(type!)) {
        return `Kafka: brokerType is ${wantedType}, but ${type} run, and there is no way back to burstable brokers. ${anew("the cluster")}`;
    }
    const [runs, version] = [before, after].map((inputs) => String(inputs.kafkaVersion));
    return versionProblem(runs!, version!, nodes(after).clientSubnets.length);
}

function versionProblem(runs: string, version: string, zones: number): string | undefined {
    const is = `Kafka: version is "${version}", but ${runs} runs`;
    const [wasKRaft, isKRaft] = [runs, version].map((each) => each.endsWith(".kraft"));
    if (isOlder(numbersOf(version), numbersOf(runs))) {
        return `${is}, and versions only go up. ${anew("the cluster")}`;
    }
    if (wasKRaft && !isKRaft) {
        return `${is}, and there is no way back to ZooKeeper. ${anew("the cluster")}`;
    }
    const canMigrate = runs === "3.9.x" && version === "3.9.x.kraft" && zones === 3;
    return isKRaft && !wasKRaft && !canMigrate
        ? `${is}: the way out of ZooKeeper is from 3.9.x to 3.9.x.kraft, and in three zones only. ${anew("the cluster")}`
        : undefined;
}

const nodes = (inputs: KnownInputs): aws.types.output.msk.ClusterBrokerNodeGroupInfo =>
    inputs.brokerNodeGroupInfo as aws.types.output.msk.ClusterBrokerNodeGroupInfo;
const isBurstable = (brokerType: string): boolean => brokerType.startsWith("kafka.t3.");

/** `3.9.x.kraft` as `3.9`. */
const numbersOf = (version: string): string => /^\d+(\.\d+)*/.exec(version)?.[0] ?? version;

/** What is wrong with a change of a topic. */
export function topicProblem(before: KnownInputs, after: KnownInputs): string | undefined {
    const [has, wanted] = [before, after].map((inputs) => Number(inputs.partitionCount));
    return wanted! < has!
        ? `Kafka: partitions of topic "${String(after.name)}" is ${wanted}, but it has ${has}, and partitions are never taken away. ${anew("the topic")}`
        : undefined;
}
