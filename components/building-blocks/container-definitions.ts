/** One container of a task, in the terms this platform uses. */
export interface ContainerArgs {
    name: string;
    /** Full image reference. */
    image: string;
    environment: Record<string, string>;
    /** Environment variables whose values ECS reads at start: ARN of an SSM parameter, or of a secret and its key. */
    secrets: Record<string, string>;
    /** TCP ports that the container listens on. */
    ports: number[];
    /** Name of the log group. */
    logGroupName: string;
    region: string;
    /** Seconds between SIGTERM and SIGKILL, at most 120. */
    stopTimeoutSeconds: number;
    /**
     * Paths beside `/tmp` that must be writable although the root file system is not: name of the task's volume, path.
     * Fargate makes a volume's directory root's own, so only root can write there.
     */
    writablePaths: Record<string, string>;
}

/** Most of a task's memory that files in `/tmp` can take, in MiB. */
const tmpMiB = 64;

/** User and group of every container: `nonroot` of the distroless images. */
const nonRoot = "65532:65532";

/**
 * The JSON text of a task's container definitions, in the form in which ECS gives it back: sorted by name, with every
 * list and host port written out. Any other form shows as a difference at each preview and re-registers the task.
 */
export function containerDefinitions(containers: ContainerArgs[]): string {
    const sorted = <T>(values: Record<string, T>): [string, T][] =>
        Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
    return JSON.stringify(
        [...containers]
            .sort((a, b) => (a.name < b.name ? -1 : 1))
            .map((container) => ({
                name: container.name,
                image: container.image,
                cpu: 0,
                essential: true,
                environment: sorted(container.environment).map(([name, value]) => ({ name, value })),
                secrets: sorted(container.secrets).map(([name, valueFrom]) => ({ name, valueFrom })),
                portMappings: [...container.ports]
                    .sort((a, b) => a - b)
                    .map((port) => ({ containerPort: port, hostPort: port, protocol: "tcp" })),
                mountPoints: sorted(container.writablePaths).map(([sourceVolume, containerPath]) => ({
                    sourceVolume,
                    containerPath,
                    readOnly: false,
                })),
                volumesFrom: [],
                systemControls: [],
                user: nonRoot,
                privileged: false,
                readonlyRootFilesystem: true,
                linuxParameters: {
                    capabilities: { add: [], drop: ["ALL"] },
                    initProcessEnabled: true,
                    // In memory, because everybody can write there; a volume would belong to root.
                    tmpfs: [{ containerPath: "/tmp", size: tmpMiB, mountOptions: ["nodev", "nosuid"] }],
                },
                stopTimeout: container.stopTimeoutSeconds,
                // Every image brings this program. Asked for `live`, it exits with 0 while the process is not stuck, whether
                // or not it can do its work: a restart mends neither the broker nor the network.
                healthCheck: {
                    command: ["CMD", "/healthcheck", "live"],
                    interval: 15,
                    timeout: 5,
                    retries: 3,
                    startPeriod: 60,
                },
                logConfiguration: {
                    logDriver: "awslogs",
                    options: {
                        "awslogs-group": container.logGroupName,
                        "awslogs-region": container.region,
                        "awslogs-stream-prefix": container.name,
                        // A full log buffer must never hold up an order.
                        mode: "non-blocking",
                        "max-buffer-size": "25m",
                    },
                },
            })),
    );
}
