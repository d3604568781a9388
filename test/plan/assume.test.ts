import assert from "node:assert/strict";
import * as path from "node:path";
import { assumeMissing } from "../../plan/assume";
import { standInAuthority } from "../../plan/stand-in-authority";
import { readProject, readStackConfig, type StackConfig } from "../../plan/stack-config";
import { parseSettings, type Settings } from "../../settings";

const project = readProject(path.join(__dirname, "..", ".."));
const digest = `sha256:${"0".repeat(64)}`;
const stack = "production";

/** The production stack with these images, and with a certificate or without. */
function given(images: Record<string, string>, certificate?: object): StackConfig {
    const { config, secretKeys } = readStackConfig(project, stack);
    const services = JSON.parse(config["aipx:services"]!) as Settings["services"];
    Object.assign(services.oms.loadBalancer, {
        certificate,
        ...(certificate && { clientCertificates: standInAuthority }),
    });
    return {
        config: { ...config, "aipx:images": JSON.stringify(images), "aipx:services": JSON.stringify(services) },
        secretKeys,
    };
}

const settingsOf = ({ config }: StackConfig): Settings => parseSettings(config, { stack }).settings;

describe("what a stack leaves out", () => {
    it("is assumed: images of all services, and the certificate", () => {
        const assumed = assumeMissing(given({}), stack);
        const strategies = Object.keys(settingsOf(given({})).services.strategies).map((name) => `strategy-${name}`);
        const all = [
            "ingestion",
            "oms",
            ...strategies,
            "data-recorder",
            "cognitive",
            "websocket-authorizer",
            "notification",
        ];
        assert.deepEqual(assumed.images, all);
        assert.equal(assumed.certificate, true);
        const { images, services } = settingsOf(assumed);
        assert.deepEqual(Object.keys(images), all);
        assert.equal(new Set(Object.values(images)).size, all.length);
        assert.equal(services.oms.loadBalancer.certificate?.source, "existing");
        assert.match(services.oms.loadBalancer.clientCertificates ?? "", /^-----BEGIN CERTIFICATE-----/);
    });

    it("is assumed only where it is left out", () => {
        const certificate = { source: "dns", domainName: "oms.example.com", hostedZoneId: "Z0123456789ABCDEFGHIJ" };
        const assumed = assumeMissing(given({ oms: digest }, certificate), stack);
        assert.ok(!assumed.images.includes("oms"));
        assert.equal(assumed.certificate, false);
        const { images, services } = settingsOf(assumed);
        assert.equal(images.oms, digest);
        assert.deepEqual(services.oms.loadBalancer.certificate, certificate);
    });

    it("stays out when the stack is planned as configured", () => {
        const config = given({ oms: digest });
        assert.deepEqual(assumeMissing(config, stack, false), {
            ...config,
            images: [],
            certificate: false,
            settings: settingsOf(config),
            accountId: "123456789012",
        });
    });

    it("is left to the program to complain of, when the settings are wrong", () => {
        const config = given({ nonsense: digest });
        assert.deepEqual(assumeMissing(config, stack), {
            ...config,
            images: [],
            certificate: false,
            settings: undefined,
            accountId: undefined,
        });
    });
});
