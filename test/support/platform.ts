import {
    ColdPath,
    DataLayer,
    Encryption,
    EventBus,
    HotPath,
    Network,
    Operations,
    type Scope,
    strategyRoles,
} from "../../components";
import { serviceNames, type Settings } from "../../settings";
import { marketCalendar } from "../../settings/market-calendar";

/** The whole platform, as index.ts makes it, with an image for each service, under names that begin with `prefix`. */
export function makePlatform(settings: Settings, scope: Scope, prefix = ""): void {
    const { disposable, logRetentionDays, debugShell } = settings.environment;
    const images = Object.fromEntries(serviceNames(settings.services).map((service) => [service, "v1"]));
    const keys = new Encryption(`${prefix}encryption`, { scope, disposable });
    const common = { scope, keys, disposable, logs: { retentionDays: logRetentionDays, keyArn: keys.logs.arn } };
    const network = new Network(`${prefix}network`, { ...common, ...settings.network });
    const { architecture, ingestion, oms, ...functions } = settings.services;
    const recordedTopics = functions.dataRecorder.topics;
    const data = new DataLayer(`${prefix}data`, { ...common, ...settings, network, recordedTopics });
    const events = new EventBus(`${prefix}events`, common);
    const deployment = { ...common, network, data, events, architecture, images };
    const { broker, schedule } = settings;
    const feeds = ingestion.feeds;
    const omsCallerRoles = [strategyRoles(scope)];
    const hotPath = new HotPath(`${prefix}hot`, {
        ...{ ...deployment, debugShell, broker, schedule, feeds, oms, omsCallerRoles },
    });
    const coldPath = new ColdPath(`${prefix}cold`, { ...deployment, ...functions, oms: hotPath.oms });
    const { budget, alarms } = settings;
    const trading = { calendar: marketCalendar, schedule };
    new Operations(`${prefix}operations`, { ...common, network, data, hotPath, coldPath, trading, budget, alarms });
}
