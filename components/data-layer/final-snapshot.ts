import * as pulumi from "@pulumi/pulumi";
import { type EncryptionKey } from "../building-blocks";

/**
 * Name of the snapshot that AWS makes of a data store before it deletes it. AWS refuses to delete when the name is taken, and an
 * earlier installation of this environment may have left its own: the id of the key, which is new each time, tells them apart.
 */
export const finalSnapshotName = (store: string, key: EncryptionKey): pulumi.Output<string> =>
    pulumi.interpolate`${store}-final-${key.keyId}`;
