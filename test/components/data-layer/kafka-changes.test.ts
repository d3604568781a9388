import assert from "node:assert/strict";
import { clusterProblem, topicProblem } from "../../../components/data-layer/kafka-changes";

const cluster = (
    version: string,
    brokers = 3,
    instanceType = "kafka.m7g.large",
    zones = 3,
): Record<string, unknown> => ({
    kafkaVersion: version,
    numberOfBrokerNodes: brokers,
    brokerNodeGroupInfo: { instanceType, clientSubnets: ["a", "b", "c"].slice(0, zones) },
});

describe("changes of a Kafka cluster", () => {
    for (const [title, before, after, expected] of [
        ["nothing", cluster("3.9.x.kraft"), cluster("3.9.x.kraft"), undefined],
        ["more brokers", cluster("3.9.x.kraft"), cluster("3.9.x.kraft", 6), undefined],
        ["fewer brokers", cluster("3.9.x.kraft", 6), cluster("3.9.x.kraft"), /^Kafka: brokers is 3, but 6 run/],
        ["larger brokers", cluster("3.9.x.kraft"), cluster("3.9.x.kraft", 3, "kafka.m7g.xlarge"), undefined],
        ["from burstable ones", cluster("3.9.x", 3, "kafka.t3.small"), cluster("3.9.x"), undefined],
        [
            "to burstable ones",
            cluster("3.9.x"),
            cluster("3.9.x", 3, "kafka.t3.small"),
            /brokerType is kafka\.t3\.small/,
        ],
        ["a newer version", cluster("3.9.x.kraft"), cluster("4.1.x.kraft"), undefined],
        ["an older version", cluster("3.9.x"), cluster("3.8.x"), /version is "3\.8\.x", but 3\.9\.x runs/],
        ["an older one with more digits", cluster("3.10.x.kraft"), cluster("3.9.x.kraft"), /versions only go up/],
        ["KRaft in three zones", cluster("3.9.x"), cluster("3.9.x.kraft"), undefined],
        [
            "KRaft in two",
            cluster("3.9.x", 2, "kafka.m7g.large", 2),
            cluster("3.9.x.kraft", 2, "kafka.m7g.large", 2),
            /in three zones only/,
        ],
        ["KRaft from an older version", cluster("3.8.x"), cluster("3.9.x.kraft"), /from 3\.9\.x to 3\.9\.x\.kraft/],
        ["ZooKeeper again", cluster("3.9.x.kraft"), cluster("3.9.x"), /no way back to ZooKeeper/],
    ] as const) {
        it(expected ? `cannot be ${title}` : `can be ${title}`, () => {
            const problem = clusterProblem(before, after);
            if (expected === undefined) {
                assert.equal(problem, undefined);
            } else {
                assert.match(String(problem), expected);
                assert.match(String(problem), /"Making a store anew" in docs\/operations\.md\.$/);
            }
        });
    }
});

describe("changes of a Kafka topic", () => {
    const topic = (partitionCount: number): Record<string, unknown> => ({ name: "ticks", partitionCount });

    it("can be more partitions, and not fewer", () => {
        assert.equal(topicProblem(topic(3), topic(3)), undefined);
        assert.equal(topicProblem(topic(3), topic(6)), undefined);
        assert.match(String(topicProblem(topic(6), topic(3))), /partitions of topic "ticks" is 3, but it has 6/);
    });
});
