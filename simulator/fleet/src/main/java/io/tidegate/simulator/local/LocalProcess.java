package io.tidegate.simulator.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** One program of the chain as a process of its own; what it prints goes to a file. One thread. */
public final class LocalProcess {
    /** 0, or 128 + SIGTERM from a JVM that was asked to stop and ran its shutdown hooks. */
    private static final Set<Integer> CLEAN = Set.of(0, 143);

    private static final int LAST_LINES = 25;

    private final String name;
    private final ProcessBuilder builder;
    private final Path log;
    private Process process;

    private LocalProcess(String name, ProcessBuilder builder, Path log) throws IOException {
        this.name = name;
        this.builder = builder;
        this.log = log;
        this.process = builder.start();
    }

    /**
     * Starts any program, in a folder that also takes {@code name.log}.
     *
     * @param defaults of environment variables that are not set
     */
    public static LocalProcess start(String name, Path folder, List<String> command, Map<String, String> defaults)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().put("TIDEGATE_CHILD", "1"); // built already; Ctrl-C is for who starts it alone
        defaults.forEach(builder.environment()::putIfAbsent);
        return start(name, folder, builder);
    }

    /** Starts what is prepared; the folder takes {@code name.log}. */
    public static LocalProcess start(String name, Path folder, ProcessBuilder prepared) throws IOException {
        Path log = folder.resolve(name + ".log");
        prepared.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        return new LocalProcess(name, prepared, log);
    }

    /** The process; the launcher becomes the program, so it is the program's. */
    public ProcessHandle handle() {
        return process.toHandle();
    }

    /** What it is called in messages; its log bears the name too. */
    public String name() {
        return name;
    }

    /** Fails when it has ended although nobody stopped it, with its last lines. */
    public void check() throws IOException {
        if (!isAlive()) {
            throw new IOException(ending() + "; the last it said:\n  " + String.join("\n  ", lastLines(LAST_LINES)));
        }
    }

    /** Whether it runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** The last lines of what it printed. */
    public List<String> lastLines(int count) {
        try {
            String text = new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
            List<String> lines = text.lines().toList();
            return lines.subList(Math.max(0, lines.size() - count), lines.size());
        } catch (IOException e) {
            throw new UncheckedIOException(log + " can't be read", e);
        }
    }

    /** Sends SIGKILL, and starts the same command again as soon as the process has ended. */
    public void killAndRestart() throws IOException, InterruptedException {
        process.destroyForcibly().waitFor();
        process = builder.start();
    }

    /** Sends SIGTERM and waits; after that, SIGKILL. Whether it ended cleanly. Does nothing to one that has ended. */
    public boolean stop(Duration patience) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly().waitFor();
            return false;
        }
        return CLEAN.contains(process.exitValue());
    }

    /** For messages: how it ended. */
    public String ending() {
        return process.isAlive() ? name + " is running" : name + " ended with exit code " + process.exitValue();
    }
}
