import {
    type ColdPathArgs,
    type DataLayerArgs,
    type HotPathArgs,
    type NetworkArgs,
    type OperationsArgs,
} from "../../components";
import { type Settings } from "../../settings";

// Checked by `npm run typecheck`: every setting has a component that takes it. A value may have more fields than its type asks for,
// so a new setting that nobody takes would otherwise be dropped without a word.

/** What takes each key of the settings in index.ts. */
interface Taken extends Pick<DataLayerArgs, "kafka" | "redis" | "postgres" | "dataLake"> {
    environment: Pick<HotPathArgs, "disposable" | "debugShell"> & { logRetentionDays: number };
    network: NetworkArgs;
    broker: HotPathArgs["broker"];
    services: Omit<ColdPathArgs, "oms"> & Pick<HotPathArgs, "oms"> & { ingestion: Pick<HotPathArgs, "feeds"> };
    images: HotPathArgs["images"];
    schedule: HotPathArgs["schedule"];
    budget: OperationsArgs["budget"];
    alarms: OperationsArgs["alarms"];
    /** Limits of the account, which rules of the settings hold the others against. */
    account: Settings["account"];
}

type KeyOf<T> = T extends unknown ? keyof T : never;
type At<T, Key> = T extends unknown ? (Key extends keyof T ? NonNullable<T[Key]> : never) : never;

/** Paths of what `Given` has and `Asked` does not. */
type Dropped<Given, Asked, Path extends string = ""> = Given extends readonly (infer Item)[]
    ? Dropped<Item, At<Asked, number>, Path>
    : Given extends object
      ? {
            [Key in keyof Given & string]-?: Key extends KeyOf<Asked>
                ? Dropped<NonNullable<Given[Key]>, At<Asked, Key>, `${Path}${Key}.`>
                : `${Path}${Key}`;
        }[keyof Given & string]
      : never;

/** An error here names the settings that no component takes. */
export const dropped: Record<Dropped<Settings, Taken>, never> = {};
