package io.tidegate.gateway;

import akka.actor.typed.ActorSystem;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.tidegate.gateway.log.LogRefused;
import io.tidegate.gateway.log.LogStore;
import io.tidegate.gateway.log.RocksLogStore;
import io.tidegate.mqtt.MqttTransport;
import io.tidegate.settings.InvalidSettings;
import io.tidegate.settings.Settings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.logging.log4j.LogManager;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The gateway's process. Exit codes: 0 stopped, 1 could not go on, 2 wrong usage, 78 wrong configuration. */
@Command(
        name = "tidegate gateway",
        description = "Takes in what devices publish, makes it safe on disk, and serves it to processors.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.VersionText.class,
        footer = {
            "",
            "-Dkey=value and TIDEGATE_GATEWAY_... override any setting.",
            "Exit codes: 0 stopped, 1 could not go on, 2 wrong usage, 78 wrong configuration."
        })
public final class Main implements Callable<Integer> {

    private static final int WRONG_CONFIGURATION = 78;

    /** Longer than all patience of the guardian's stop order. */
    private static final long STOP_SECONDS = 45;

    @Option(names = "--config", paramLabel = "FILE", description = "Settings that differ from the defaults.")
    private @Nullable Path config;

    @Option(names = "--check", description = "Only check the settings: say every mistake, exit 0 or 78.")
    private boolean check;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call().
    private CommandSpec command;

    private final CompletableFuture<Integer> exited;

    private Main(CompletableFuture<Integer> exited) {
        this.exited = exited;
    }

    /** The command, for a test that brings its own output. */
    static CommandLine commandLine() {
        return new CommandLine(new Main(new CompletableFuture<>()));
    }

    /** Runs until it is told to stop by a signal. */
    public static void main(String[] arguments) {
        CompletableFuture<Integer> exited = new CompletableFuture<>();
        int code = new CommandLine(new Main(exited)).execute(arguments);
        exited.complete(code);
        System.exit(code);
    }

    @Override
    public Integer call() {
        PrintWriter err = command.commandLine().getErr();
        GatewaySettings settings;
        try {
            settings = GatewaySettings.from(
                    Settings.load(GatewaySettings.ROOT, config, System.getenv(), System.getProperties()));
        } catch (InvalidSettings e) {
            e.mistakes().forEach(err::println);
            return WRONG_CONFIGURATION;
        }
        if (check) {
            command.commandLine().getOut().println("the gateway's settings are in order");
            return 0;
        }
        try (LogStore store =
                RocksLogStore.open(settings.log(), settings.keyGroups().count(), settings.id())) {
            return run(settings, store, err);
        } catch (LogRefused e) {
            err.println(e.getMessage());
            return e.exitCode();
        }
    }

    private int run(GatewaySettings settings, LogStore store, PrintWriter err) {
        GatewayEnvironment environment = new GatewayEnvironment(
                MqttTransport.paho(),
                Clock.systemUTC(),
                new SecureRandom(),
                Version.current(),
                GatewayEnvironment.StopWaits.USUAL);
        Gateway.Signals signals = Gateway.Signals.create();
        ActorSystem<Gateway.Command> system =
                ActorSystem.create(Gateway.create(settings, store, environment, signals), "tidegate", akka());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(system), "stop"));
        system.getWhenTerminated().toCompletableFuture().join();
        Gateway.Ended ended = signals.ended().getNow(new Gateway.Ended(1, "the guardian failed"));
        if (ended.exitCode() != 0) {
            err.println(ended.reason());
        }
        return ended.exitCode();
    }

    /** On SIGTERM: the guardian's stop order, then the exit code that it gives. */
    private void stop(ActorSystem<Gateway.Command> system) {
        system.tell(Gateway.Stop.STOP);
        int code = 1;
        try {
            code = exited.get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            System.err.println("not stopped after " + STOP_SECONDS + " s; what was acknowledged is on disk");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        LogManager.shutdown();
        System.out.flush();
        Runtime.getRuntime().halt(code);
    }

    /** How Akka runs; system properties override it. */
    static Config akka() {
        return ConfigFactory.defaultOverrides()
                .withFallback(ConfigFactory.parseResourcesAnySyntax("akka-gateway"))
                .withFallback(ConfigFactory.defaultReference())
                .resolve();
    }

    static final class VersionText implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"tidegate gateway " + Version.current()};
        }
    }
}
