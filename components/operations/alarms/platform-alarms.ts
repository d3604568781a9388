import { type Scope } from "../../building-blocks";
import { type Subjects } from "../subjects";
import { type TradingTimes } from "../trading-calendar";
import { type AlarmSpec } from "./alarm";
import {
    consumerAlarms,
    failedRecordAlarms,
    functionAlarms,
    queueAlarms,
    ruleAlarms,
    webSocketAlarms,
} from "./functions";
import { kafkaAlarms, marketDataAlarms } from "./kafka";
import { natAlarms } from "./network";
import { postgresAlarms } from "./postgres";
import { redisAlarms } from "./redis";
import { feedAlarms, omsAlarms } from "./services";

/** Every alarm of the platform, those closest to trading first. */
export function platformAlarms(
    scope: Scope,
    { network, data, hotPath, coldPath }: Subjects,
    times: TradingTimes,
): AlarmSpec[] {
    return [
        ...omsAlarms(scope, hotPath.oms),
        ...marketDataAlarms(data.kafka, hotPath, times),
        ...feedAlarms(data.kafka, hotPath, times),
        ...natAlarms(network),
        ...kafkaAlarms(data.kafka),
        ...redisAlarms(data.redis),
        ...postgresAlarms(data.postgres),
        ...(coldPath.webSocketApi ? webSocketAlarms(coldPath.webSocketApi) : []),
        ...ruleAlarms(scope, coldPath.rules),
        ...functionAlarms(coldPath),
        ...consumerAlarms(data.kafka, coldPath.consumers),
        ...queueAlarms(coldPath.queues),
        ...failedRecordAlarms(coldPath.failedRecords),
    ];
}
