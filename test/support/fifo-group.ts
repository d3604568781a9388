/** What SQS is told about a FIFO queue that triggers a function. */
export interface FifoQueue {
    /** Seconds for which a message that was received, and not deleted, is hidden. Its group waits for it. */
    visibilityTimeoutSeconds: number;
    /** Times that a message is received before SQS moves it to the dead-letter queue. */
    maxReceiveCount: number;
}

/** Seconds that have passed, for what happens in a simulation. */
export interface Clock {
    seconds: number;
}

/** One reception of a message. The function deletes it by returning `true`; whatever it needs, it adds to the clock. */
export type Receive<Message> = (message: Message, receiveCount: number, clock: Clock) => Promise<boolean>;

/** What became of a message, and when. */
export interface Fate<Message> {
    message: Message;
    firstReceivedAt: number;
    receptions: number;
    /** Gone from the queue, so that the next one of its group is received. */
    leftAt: number;
    movedToDeadLetters: boolean;
}

/**
 * Plays one message group of a FIFO queue with batches of one, as SQS and Lambda treat it: in order, and the next message only
 * when the one before was deleted or moved. A function that fails leaves its message hidden until the visibility timeout is over.
 */
export async function playGroup<Message>(
    queue: FifoQueue,
    messages: Message[],
    receive: Receive<Message>,
    clock: Clock = { seconds: 0 },
): Promise<Fate<Message>[]> {
    const fates: Fate<Message>[] = [];
    for (const message of messages) {
        const firstReceivedAt = clock.seconds;
        let receptions = 0;
        let deleted = false;
        while (!deleted && receptions < queue.maxReceiveCount) {
            receptions++;
            const visibleAt = clock.seconds + queue.visibilityTimeoutSeconds;
            deleted = await receive(message, receptions, clock);
            if (!deleted) {
                clock.seconds = Math.max(clock.seconds, visibleAt);
            }
        }
        fates.push({ message, firstReceivedAt, receptions, leftAt: clock.seconds, movedToDeadLetters: !deleted });
    }
    return fates;
}
