package io.tidegate.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.harness.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** A stock Flume agent as a process, with folders that it keeps when it is killed and started again. */
final class FlumeAgent implements AutoCloseable {

    private static final Path JARS = Program.ROOT.resolve("simulator/flume/target/agent");

    private final Path folder;
    private final Path properties;
    private Program program;

    private FlumeAgent(Path folder, String properties) throws IOException {
        assertThat(JARS)
                .as("the agent's jars, which the build of simulator/flume gathers")
                .isNotEmptyDirectory();
        this.folder = folder;
        this.properties = Files.writeString(folder.resolve("agent.properties"), properties);
        Files.createDirectories(spool());
        this.program = run();
    }

    /** The agent that config/flume-agent.properties describes, on this test's folders and port, and a bit different. */
    static FlumeAgent start(Path folder, int port, String more) throws IOException {
        String shipped = Files.readString(Program.ROOT.resolve("config/flume-agent.properties"));
        String here = shipped.replace(
                        "/var/spool/weblogs", folder.resolve("spool").toString())
                .replace("/var/lib/flume", folder.resolve("flume").toString())
                .replace(".port = 4141", ".port = " + port);
        assertThat(here).doesNotContain("/var/", "4141");
        return new FlumeAgent(folder, here + more);
    }

    private Program run() {
        return Program.start(
                folder,
                "agent",
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                        "-cp",
                        JARS + "/*",
                        "org.apache.flume.node.Application",
                        "-n",
                        "tidegate",
                        "-f",
                        properties.toString(),
                        "--no-reload-conf"));
    }

    /** Gives it a complete file. */
    Path spool(String name, List<String> lines) throws IOException {
        Path file = Files.write(folder.resolve(name), lines);
        Files.copy(file, spool().resolve("." + name));
        Files.move(spool().resolve("." + name), spool().resolve(name), StandardCopyOption.ATOMIC_MOVE);
        return file;
    }

    /** How many files it has done with. */
    long completed() {
        try (Stream<Path> files = Files.list(spool())) {
            return files.filter(file -> file.toString().endsWith(".COMPLETED")).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path spool() {
        return folder.resolve("spool");
    }

    void killAndStartAgain() {
        program.kill();
        program = run();
    }

    String output() {
        return program.output();
    }

    @Override
    public void close() {
        program.close();
    }
}
