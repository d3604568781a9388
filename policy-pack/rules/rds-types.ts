import { where } from "../core/answer";

export const instances = ["aws:rds/instance:Instance"];
export const clusters = ["aws:rds/cluster:Cluster"];

// A replica takes from its source what it does not say itself.
export const isSource = where(({ isAbsent }) => isAbsent, "replicateSourceDb");
