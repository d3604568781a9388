import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { type FargateService } from "../building-blocks";

/** When the platform trades: Korean times of day, `HH:MM`, Monday to Friday. Korea has no daylight saving time. */
export interface MarketHours {
    /** Before this time everything must be ready. */
    start: string;
    /** After this time nothing trades any more. */
    stop: string;
}

/** Limits within which the number of tasks moves. */
export interface Capacity {
    minCapacity: number;
    maxCapacity: number;
}

/**
 * Schedule expression of a time of day, Monday to Friday: `cron(30 8 ? * MON-FRI *)` for `08:30`.
 *
 * @throws Error if `time` is not a time of day.
 */
export function weekdaysAt(time: string): string {
    const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time) ?? [];
    if (hours === undefined || minutes === undefined) {
        throw new Error(`market hours: "${time}" is not a time of day; it must be HH:MM, from 00:00 to 23:59`);
    }
    return `cron(${Number(minutes)} ${Number(hours)} ? * MON-FRI *)`;
}

/**
 * Lets Application Auto Scaling set the number of tasks of a service, within `capacity` at first. From then on the schedule sets these
 * limits: an update that set them back would undo what the schedule did last.
 */
export function scalableTarget(
    name: string,
    service: FargateService,
    capacity: Capacity,
    opts: pulumi.CustomResourceOptions,
): aws.appautoscaling.Target {
    return new aws.appautoscaling.Target(
        name,
        {
            serviceNamespace: "ecs",
            resourceId: service.scalableResourceId,
            scalableDimension: "ecs:service:DesiredCount",
            ...capacity,
        },
        { ...opts, ignoreChanges: ["minCapacity", "maxCapacity"] },
    );
}

/** Changes the limits of a service at the start and at the stop of market hours. Free of charge. */
export function followMarketHours(
    name: string,
    service: FargateService,
    target: aws.appautoscaling.Target,
    hours: MarketHours,
    capacities: { trading: Capacity; closed: Capacity },
    opts: pulumi.CustomResourceOptions,
): void {
    const action = (moment: "start" | "stop", capacity: Capacity, dependsOn: pulumi.Resource[]) =>
        new aws.appautoscaling.ScheduledAction(
            `${name}-${moment}`,
            {
                name: `${service.serviceName}-${moment}`,
                serviceNamespace: target.serviceNamespace,
                resourceId: target.resourceId,
                scalableDimension: target.scalableDimension,
                schedule: weekdaysAt(hours[moment]),
                timezone: "Asia/Seoul",
                scalableTargetAction: capacity,
            },
            { ...opts, dependsOn },
        );
    const start = action("start", capacities.trading, []);
    // One after the other: AWS refuses changes of one target at the same time.
    action("stop", capacities.closed, [start]);
}
