package io.tidegate.spark.dstream;

import io.tidegate.spark.client.internal.FakeGateway;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Appends readings of random devices to a gateway at a steady rate until it is closed. */
final class Feeder implements AutoCloseable {
    private static final int EVERY_MS = 20;
    private static final int DEVICES = 50;

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();

    static Feeder feed(FakeGateway gateway, int eventsPerSecond, long seed) {
        Feeder feeder = new Feeder();
        Random random = new Random(seed);
        var unused = feeder.thread.scheduleAtFixedRate(
                () -> {
                    for (int i = 0; i < eventsPerSecond * EVERY_MS / 1000; i++) {
                        gateway.append("d" + random.nextInt(DEVICES), 1);
                    }
                },
                0,
                EVERY_MS,
                TimeUnit.MILLISECONDS);
        return feeder;
    }

    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the feeder does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
