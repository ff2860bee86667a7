package io.tidegate.mqtt;

import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.mqttv5.client.MqttPingSender;
import org.eclipse.paho.mqttv5.client.internal.ClientComms;
import org.jspecify.annotations.Nullable;

/**
 * Keep-alive on the shared clock: Paho's own sender starts a timer thread for each connection, and may start it after the
 * connection ended. Every check runs on a worker, for ending a dead connection may block.
 */
final class Pings implements MqttPingSender {

    private @Nullable ClientComms comms;
    private @Nullable Future<?> next;
    private boolean stopped;

    @Override
    public void init(ClientComms of) {
        comms = of;
    }

    @Override
    public void start() {
        ClientComms of = comms;
        if (of != null) {
            schedule(of.getKeepAlive());
        }
    }

    @Override
    public synchronized void schedule(long delayInMilliseconds) {
        if (!stopped) {
            next = Threads.CLOCK.schedule(
                    () -> Threads.WORKERS.execute(this::check), delayInMilliseconds, TimeUnit.MILLISECONDS);
        }
    }

    /** A connection is used once: after its end nothing starts again. */
    @Override
    public synchronized void stop() {
        stopped = true;
        if (next != null) {
            next.cancel(false);
        }
    }

    private void check() {
        ClientComms of = comms;
        if (of != null) {
            of.checkForActivity();
        }
    }
}
