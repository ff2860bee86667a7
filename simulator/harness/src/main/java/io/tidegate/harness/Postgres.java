package io.tidegate.harness;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A real PostgreSQL server of its own, where the programs are installed (Debian's package {@code postgresql}): a new data
 * folder, a free port of the loopback, user {@value #USER} with password {@value #PASSWORD}, one database {@value #DATABASE}.
 */
public final class Postgres implements AutoCloseable {

    /** The user. */
    public static final String USER = "tide";
    /** The user's password. */
    public static final String PASSWORD = "low-and-high";
    /** The database. */
    public static final String DATABASE = "postgres";

    private static final int GONE_S = 60;
    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

    private final Path programs;
    private final Path folder;
    private final int port;

    private Postgres(Path programs, Path folder, int port) {
        this.programs = programs;
        this.folder = folder;
        this.port = port;
    }

    /** Where the programs of the newest version are, if they are. */
    public static Optional<Path> installed() {
        if (!Files.isDirectory(DEBIAN)) {
            return Optional.empty();
        }
        return Unchecked.get(() -> {
            try (Stream<Path> versions = Files.list(DEBIAN)) {
                return versions.filter(version -> Files.isExecutable(version.resolve("bin/initdb")))
                        .max(Comparator.comparingInt(version ->
                                Integer.parseInt(version.getFileName().toString())))
                        .map(version -> version.resolve("bin"));
            }
        });
    }

    /** A running server. */
    public static Postgres start() {
        Path programs = installed().orElseThrow();
        // Not below a folder of a test: the server's own user has to get there.
        Path folder = Unchecked.get(() -> Files.createTempDirectory("tidegate-postgres"));
        Path password = folder.resolve("password");
        Unchecked.get(() -> Files.writeString(password, PASSWORD));
        Postgres postgres = new Postgres(programs, folder, FreePort.next());
        if (isRoot()) {
            Program.run(List.of("chown", "-R", "postgres", folder.toString()));
        }
        postgres.program(
                "initdb",
                "-D",
                postgres.data(),
                "-U",
                USER,
                "--pwfile",
                password.toString(),
                "-A",
                "scram-sha-256",
                "-E",
                "UTF8",
                "--no-locale",
                "--no-sync");
        postgres.resume();
        return postgres;
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    /** The URL for JDBC, without user and password. */
    public String url() {
        return url(port);
    }

    /** The same through a proxy in front of it. */
    public String url(int proxy) {
        return "jdbc:postgresql://127.0.0.1:" + proxy + "/" + DATABASE;
    }

    /** The port, for a proxy in front of it. */
    public int port() {
        return port;
    }

    /** Ends every connection and the server; what was committed is kept. */
    public void stop() {
        program("pg_ctl", "-D", data(), "-m", "immediate", "stop");
    }

    /**
     * kill -9 of the server and of every process that it has started: nothing ends in order, nothing more is written. What
     * was committed is kept.
     */
    public void kill() {
        ProcessHandle server = running().orElseThrow();
        // A server that stands still starts no process while its children are looked for.
        Program.run(List.of("kill", "-STOP", String.valueOf(server.pid())));
        List<ProcessHandle> all =
                Stream.concat(Stream.of(server), server.descendants()).toList();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(one -> one.onExit().orTimeout(GONE_S, SECONDS).join());
    }

    /** The process that the others come from, if it runs. */
    private Optional<ProcessHandle> running() {
        Path pid = folder.resolve("data/postmaster.pid");
        if (!Files.exists(pid)) {
            return Optional.empty();
        }
        return ProcessHandle.of(
                Long.parseLong(Unchecked.get(() -> Files.readAllLines(pid)).get(0)));
    }

    /** Starts a server that was stopped or killed again, at the same address. */
    public void resume() {
        program(
                "pg_ctl",
                "-D",
                data(),
                "-w",
                "-l",
                folder.resolve("log").toString(),
                "-o",
                "-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories=" + folder,
                "start");
    }

    private void program(String name, String... arguments) {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            command.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
        }
        command.add(programs.resolve(name).toString());
        command.addAll(List.of(arguments));
        Program.run(command);
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    /** Stops the server and deletes everything; one that is stopped or killed already may be closed as well. */
    @Override
    public void close() {
        if (running().isPresent()) {
            stop();
        }
        Unchecked.run(() -> {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        });
    }
}
