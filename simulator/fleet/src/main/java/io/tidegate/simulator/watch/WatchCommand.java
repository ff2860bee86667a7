package io.tidegate.simulator.watch;

import io.tidegate.mqtt.MqttEndpoint;
import io.tidegate.mqtt.MqttTransport;
import java.net.URI;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidegate watch}: prints results until Ctrl-C, which ends it with 0. */
@Command(name = "watch", description = "Shows results as they come, one line each, until Ctrl-C.", sortOptions = false)
public final class WatchCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..1",
            paramLabel = "FILTER",
            defaultValue = "tidegate/#",
            description = "topic filter (default: ${DEFAULT-VALUE})")
    private String filter = "";

    @Option(
            names = "--broker",
            paramLabel = "URL",
            defaultValue = "tcp://localhost:1883",
            description = "where results are published (default: ${DEFAULT-VALUE})")
    private URI broker = URI.create("");

    @Option(names = "--user", paramLabel = "NAME", description = "when the broker asks for one")
    private @Nullable String user;

    @Option(
            names = "--password",
            paramLabel = "TEXT",
            arity = "0..1",
            interactive = true,
            description = "asked for when given without a value")
    private @Nullable String password;

    private final CountDownLatch stop;

    /** Watches until the latch falls. */
    public WatchCommand(CountDownLatch stop) {
        this.stop = stop;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (!"tcp".equals(broker.getScheme()) || broker.getHost() == null || broker.getPort() < 1) {
            System.err.println("--broker: " + broker + " (expected: tcp://host:port)");
            return ExitCode.USAGE;
        }
        ResultFormatter line = ResultFormatter.forTerminal(System.getenv());
        MqttEndpoint endpoint = MqttEndpoint.results(broker, "tidegate-watch-" + UUID.randomUUID())
                .withCredentials(Optional.ofNullable(user), Optional.ofNullable(password));
        new ResultSubscription(
                        MqttTransport.paho(), endpoint, filter, result -> print(line.of(result)), System.err::println)
                .run(stop);
        return 0;
    }

    private void print(String line) {
        System.out.println(line);
        if (System.out.checkError()) {
            stop.countDown(); // nobody reads any more, as after | head
        }
    }
}
