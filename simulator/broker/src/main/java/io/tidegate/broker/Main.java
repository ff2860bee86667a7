package io.tidegate.broker;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tidegate simulator broker}: runs the embedded broker until SIGTERM or Ctrl-C, then exits with 0. */
@Command(
        name = "tidegate simulator broker",
        description = "Runs an MQTT broker (3.1.1 and 5) on 127.0.0.1 that keeps everything in memory.",
        sortOptions = false)
public final class Main implements Callable<Integer> {
    private static final long STOP_SECONDS = 20;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "1883",
            description = "TCP port, 0 for any free one (default: ${DEFAULT-VALUE})")
    private int port;

    @Option(names = "--help", usageHelp = true, description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    private final CountDownLatch stop = new CountDownLatch(1);

    private Main() {}

    /** Exit codes: 0 stopped when asked to, 1 can't listen, 2 wrong usage. */
    public static void main(String[] args) {
        Main main = new Main();
        CompletableFuture<Integer> exit = new CompletableFuture<>();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> main.onSignal(exit), "stop"));
        int code = new CommandLine(main).execute(args);
        exit.complete(code);
        System.exit(code);
    }

    @Override
    public Integer call() throws InterruptedException {
        if (port < 0 || port > 65_535) {
            System.err.println("--port: " + port + " (expected: 0 to 65535)");
            return 2;
        }
        try (Broker broker = Broker.start(port)) {
            System.out.println("MQTT broker listening on tcp://127.0.0.1:" + broker.port());
            stop.await();
            return 0;
        } catch (IOException e) {
            System.err.println(e.getMessage());
            return 1;
        }
    }

    /** The JVM is going down: lets the main thread stop the broker and ends the process with its exit code. */
    private void onSignal(CompletableFuture<Integer> exit) {
        stop.countDown();
        int code = 1;
        try {
            code = exit.get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            System.err.println("the broker did not stop within " + STOP_SECONDS + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(code);
    }
}
