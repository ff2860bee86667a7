package io.tidegate.harness;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** One program of Tidegate (or a mosquitto) as a process, started the way a user starts it, killed the way faults do. */
public final class Program implements AutoCloseable {

    /** The root of the checkout that is under test. */
    public static final Path ROOT = Path.of(System.getProperty("tidegate.root", "../.."))
            .toAbsolutePath()
            .normalize();

    /** For a JVM that lives for a test: to be up at once matters more than the speed that comes later. */
    public static final List<String> QUICK_START =
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto");

    private final String name;
    private final Path log;
    private final Process process;

    private Program(String name, Path log, Process process) {
        this.name = name;
        this.log = log;
        this.process = process;
    }

    /** Where a program is, if it is. Debian puts servers into /usr/sbin, which is not on everybody's path. */
    public static Optional<Path> installed(String name) {
        return Stream.concat(Stream.of(System.getenv("PATH").split(File.pathSeparator)), Stream.of("/usr/sbin"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** {@code ./tidegate} with these arguments; output goes to {@code folder/name.log}, appended over restarts. */
    public static Program tidegate(Path folder, String name, List<String> arguments) {
        return start(folder, name, command(arguments));
    }

    /** The same for a measurement: its JVM, and those that it starts, become as fast as they are for users. */
    public static Program tidegateAtFullSpeed(Path folder, String name, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("env", "JAVA_OPTS="));
        command.addAll(command(arguments));
        return start(folder, name, command);
    }

    private static List<String> command(List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(ROOT.resolve("tidegate").toString());
        command.addAll(arguments);
        return command;
    }

    /** A main class of this JVM's class path in a JVM of its own. */
    public static Program java(Path folder, String name, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(QUICK_START);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return start(folder, name, command);
    }

    /**
     * Any program; output goes to {@code folder/name.log}, appended over restarts. What its script gives to a JVM is
     * {@link #QUICK_START}, unless JAVA_OPTS says otherwise.
     */
    public static Program start(Path folder, String name, List<String> command) {
        Path log = folder.resolve(name + ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        // The class path under test is the one that this build has just made.
        builder.environment().putAll(Map.of("TIDEGATE_CHILD", "1", "SPARK_LOCAL_IP", "127.0.0.1"));
        builder.environment().putIfAbsent("JAVA_OPTS", String.join(" ", QUICK_START));
        return new Program(name, log, Unchecked.get(builder::start));
    }

    /** Runs a command to its end; one that fails fails the test with what it has printed. */
    static void run(List<String> command) {
        Unchecked.run(() -> {
            // A file: a server that the command leaves behind would keep a pipe open.
            Path output = Files.createTempFile("tidegate-command", ".out");
            int exit = new ProcessBuilder(command)
                    .directory(new File("/"))
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start()
                    .waitFor();
            String said = Files.readString(output, UTF_8);
            Files.delete(output);
            if (exit != 0) {
                throw new IllegalStateException(command + " ended with " + exit + ": " + said);
            }
        });
    }

    /** Whether the process runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** kill -9, and wait until it is gone. */
    public void kill() {
        process.destroyForcibly();
        await(60);
    }

    /** SIGSTOP: it stands still until {@link #thaw}. */
    public void freeze() {
        signal("STOP");
    }

    /** SIGCONT. */
    public void thaw() {
        signal("CONT");
    }

    private void signal(String signal) {
        run(List.of("kill", "-" + signal, String.valueOf(process.pid())));
    }

    /** The process id; {@code ./tidegate} becomes the JVM, so it is the JVM's. */
    public long pid() {
        return process.pid();
    }

    /** SIGTERM. @return the exit code */
    public int stop() {
        process.destroy();
        return await(90);
    }

    /** Waits for the end. @return the exit code; a process that still runs is killed and fails the test */
    public int await(int seconds) {
        if (Unchecked.get(() -> process.waitFor(seconds, SECONDS))) {
            return process.exitValue();
        }
        process.destroyForcibly();
        throw new AssertionError(
                name + " was still running after " + seconds + " s\n" + output(), new TimeoutException());
    }

    /** Everything it printed, and what those before it under its name printed. */
    public String output() {
        return Unchecked.get(() -> Files.readString(log, UTF_8));
    }

    @Override
    public void close() {
        process.destroyForcibly();
        await(60);
    }
}
