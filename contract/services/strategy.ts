import { type ServiceContract } from "./service";

export const strategy: ServiceContract = {
    name: "strategy",
    title: "Strategies",
    purpose:
        "Gets market data in batches, decides, and sends orders to the OMS. Each strategy is an image of its own, named " +
        "`strategy-<name>`, and has its topics and sizes from the settings; all else is the same for all of them.",
    duties: {
        Batches: [
            "The records of one invocation are of one topic, maybe of several partitions, in order within each. Every partition is " +
                "worked on by one invocation at a time, so a stock's records come one batch after the other.",
            "A new strategy begins with records that come after it was made (`LATEST`). An existing one goes on where it was, also after " +
                "hours: judge each record by its own time, and pass over what is too old to act on.",
            "A handler that fails, or runs into its timeout, gets the whole batch again: up to ten times, and the partition waits for " +
                "it. Then the batch is set aside for people. So fail for what a repetition can mend (OMS or Redis cannot be reached); " +
                "for a record that is broken, log an error, count it, and go on.",
            "State that must outlive an environment (positions of indicators, what was asked for) lives in Redis, under keys of the " +
                "strategy. Store with it the last offset of each partition, in one command or transaction, and pass over records up to " +
                "it: then a repeated batch changes nothing.",
        ],
        Orders: [
            "`order_id` is made of what caused the order: `<strategy>:<topic>:<partition>:<offset>`, and a number if there are several. " +
                "The same record gives the same id in every repetition, and the OMS sends one order.",
            "`intent_expires_at` is the time of the record that caused it plus what the strategy can bear, at most 60 s: never the time " +
                "of the invocation, which may be hours later.",
            "`strategy` in a command is the service's own name, which stands in `AWS_LAMBDA_FUNCTION_NAME` behind the prefix " +
                "`aipx-<environment>-`.",
            "Wait for the CommandResult of each command before the handler returns: what is not acknowledged when the environment is " +
                "frozen may or may not have arrived. On `UNAVAILABLE`, reconnect and send the same commands again, or fail the batch.",
            "Every stream carries the caller's identity in the metadata `x-aipx-identity`, as [the OMS](#oms-order-management-service-what-it-must-do) " +
                "describes it: signed from the credentials in the environment, without a call, and anew for each stream.",
            "`PENDING`, `EXPIRED`, `RISK_LIMIT`, `HALTED`, `BROKER_REJECTED` are results, not failures of the batch.",
            "Positions are the OMS's and the broker's: a strategy that needs to know its fills keeps OrderEvents that it saw on its " +
                "streams, and may subscribe to the topic `executions` as one of its topics to see all of them.",
        ],
        Redis: [
            "All strategies are one user, who may read and write every key. Keys therefore begin with the strategy's name in a hash " +
                "tag, `{strategy-momentum}:...`: keys of one strategy are in one slot, so that scripts and transactions work, and no " +
                "other strategy's keys are touched.",
        ],
        "What it cannot do": [
            "It reaches Redis and the OMS, and nothing else: no internet, no AWS API (not even Secrets Manager, S3 or STS), no Kafka, no " +
                "PostgreSQL. A strategy needs what it brings along in its image.",
        ],
    },
    health: ["No health check: Lambda starts environments when there are records, and ends those that fail to start."],
    lifecycle: [
        "Lambda starts as many environments as there are partitions with records, at most. The first invocation of each also loads the " +
            "image: keep imports few, and connect to Redis and the OMS outside the handler.",
        "There is no signal before the end. A deployment puts a new image in place at once: old and new environments overlap for one invocation.",
        "Between 20:00 and 08:00 Korean time and on holidays there are no records, hence no invocations.",
    ],
    sends: ["Commands to the OMS by gRPC."],
    reads: ["invocation-kafka", "topic-ticks", "topic-quotes", "topic-orders", "topic-executions"],
    writes: [],
    libraries: ["redis", "grpc", "frozen"],
};
