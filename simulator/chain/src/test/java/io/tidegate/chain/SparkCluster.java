package io.tidegate.chain;

import static org.awaitility.Awaitility.await;

import io.tidegate.harness.FreePort;
import io.tidegate.harness.Program;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Spark's standalone master and one worker as processes; what they run are the jars that Maven resolved. */
final class SparkCluster implements AutoCloseable {

    /** A core for the receiver and one to spare, wherever it runs. */
    private static final int CORES_PER_EXECUTOR = 2;

    private static final int EXECUTORS = 2;

    private final Path home;
    private final int port;
    private final Program master;
    private final Program worker;

    private SparkCluster(Path folder, boolean plain) throws IOException {
        home = home(folder, plain);
        port = FreePort.next();
        master = start(
                folder, "master", "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", "" + port);
        await().atMost(Duration.ofMinutes(3)).until(this::answers);
        worker = start(
                folder,
                "worker",
                "org.apache.spark.deploy.worker.Worker",
                "--host",
                "127.0.0.1",
                "-c",
                "" + CORES_PER_EXECUTOR * EXECUTORS,
                "-m",
                "2g",
                "-d",
                folder.resolve("work").toString(),
                url());
    }

    /** With what the processor needs beside Spark. */
    static SparkCluster start(Path folder) throws IOException {
        return new SparkCluster(folder, false);
    }

    /** With Spark's own jars alone. */
    static SparkCluster startPlain(Path folder) throws IOException {
        return new SparkCluster(folder, true);
    }

    private static Path home(Path folder, boolean plain) throws IOException {
        Path home = folder.resolve("spark-home");
        Files.createDirectories(home.resolve("jars"));
        for (Path jar : jars(plain)) {
            Files.createSymbolicLink(home.resolve("jars").resolve(jar.getFileName()), jar);
        }
        return home;
    }

    /** Without Tidegate; a plain Spark has nothing that only Tidegate needs. */
    private static List<Path> jars(boolean plain) throws IOException {
        List<Path> jars = new ArrayList<>();
        for (String list : List.of("provided-classpath.txt", "classpath.txt")) {
            Path file = Program.ROOT.resolve("processor/app/target").resolve(list);
            for (String entry : Files.readString(file).strip().split(File.pathSeparator, -1)) {
                Path jar = Path.of(entry);
                String name = jar.getFileName().toString();
                boolean ours =
                        name.startsWith("tidegate-") || (plain && name.matches("(grpc|perfmark|org.eclipse.paho).*"));
                if (name.endsWith(".jar") && !ours && jars.stream().noneMatch(j -> j.endsWith(name))) {
                    jars.add(jar);
                }
            }
        }
        return jars;
    }

    /** How a program ended, and what it printed. */
    record Submitted(int exit, String output) {}

    /** Runs a program in one file on a Spark inside one JVM, which has the connector's one jar beside Spark's. */
    static Submitted submitLocally(Path folder, Path program, List<String> arguments) throws IOException {
        return submitLocally(folder, List.of(program), main(program), arguments);
    }

    /** The same with a program in several files. */
    static Submitted submitLocally(Path folder, List<Path> program, String main, List<String> arguments)
            throws IOException {
        return run(home(folder, true), folder, "local[2]", program, main, arguments);
    }

    /** Runs it with this cluster's executors. */
    Submitted submit(Path folder, Path program, List<String> arguments) throws IOException {
        return run(home, folder, url(), List.of(program), main(program), arguments);
    }

    private static String main(Path program) {
        return program.getFileName().toString().replace(".java", "");
    }

    /** {@code spark-submit --jars}; the program is compiled first, against Spark alone. */
    private static Submitted run(
            Path home, Path folder, String master, List<Path> program, String main, List<String> arguments)
            throws IOException {
        Path classes = Files.createDirectories(folder.resolve("classes"));
        Path application = folder.resolve("application.jar");
        List<Object> compile = new ArrayList<>(List.of(tool("javac"), "-d", classes, "-cp", home + "/jars/*"));
        compile.addAll(program);
        toEnd("javac", folder, compile.toArray());
        toEnd("jar", folder, tool("jar"), "cf", application, "-C", classes, ".");
        List<String> command = new ArrayList<>(
                List.of("env", "SPARK_HOME=" + home, "SPARK_SCALA_VERSION=2.13", tool("java"), "-Xmx700m"));
        for (String opened : List.of("lang", "lang.invoke", "nio", "util", "util.concurrent")) {
            command.add("--add-opens=java.base/java." + opened + "=ALL-UNNAMED");
        }
        command.addAll(List.of("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED", "-cp", home + "/jars/*"));
        command.addAll(List.of("org.apache.spark.deploy.SparkSubmit", "--master", master));
        for (String setting :
                List.of("driver.host=127.0.0.1", "driver.bindAddress=127.0.0.1", "executor.memory=640m")) {
            command.addAll(List.of("--conf", "spark." + setting));
        }
        command.addAll(List.of("--jars", connector().toString(), "--class", main, application.toString()));
        command.addAll(arguments);
        try (Program submitted = Program.start(folder, "submitted", command)) {
            return new Submitted(submitted.await(240), submitted.output());
        }
    }

    /** The connector with everything that a plain Spark lacks. */
    private static Path connector() throws IOException {
        try (Stream<Path> files = Files.list(Program.ROOT.resolve("processor/connector-all/target"))) {
            return files.filter(file -> file.getFileName().toString().matches("tidegate-spark-connector-all-.*\\.jar"))
                    .findFirst()
                    .orElseThrow(
                            () -> new IllegalStateException("the connector's jar: none (expected: packaged before)"));
        }
    }

    private static String tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }

    private static void toEnd(String name, Path folder, Object... command) {
        try (Program tool = Program.start(
                folder, name, Stream.of(command).map(Object::toString).toList())) {
            if (tool.await(120) != 0) {
                throw new IllegalStateException(name + ": " + tool.output());
            }
        }
    }

    private Program start(Path folder, String name, String main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                "env",
                "SPARK_HOME=" + home,
                "SPARK_SCALA_VERSION=2.13",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                "-cp",
                home + "/jars/*",
                main,
                "--webui-port",
                "0"));
        command.addAll(List.of(arguments));
        return Program.start(folder, name, command);
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private String url() {
        return "spark://127.0.0.1:" + port;
    }

    /** What the processor has to be told to run here. */
    String[] options() {
        return new String[] {
            "--master",
            url(),
            "-Dspark.driver.host=127.0.0.1",
            "-Dspark.driver.bindAddress=127.0.0.1",
            "-Dspark.executor.memory=640m",
            "-Dspark.executor.cores=" + CORES_PER_EXECUTOR,
            "-Dspark.cores.max=" + CORES_PER_EXECUTOR * EXECUTORS
        };
    }

    /** The executors' processes: whatever Java the worker has started. */
    List<ProcessHandle> executors() {
        return ProcessHandle.of(worker.pid()).stream()
                .flatMap(ProcessHandle::descendants)
                .filter(process -> process.info().command().orElse("").endsWith("java"))
                .toList();
    }

    /** kill -9 to so many executors, once both are there. */
    void killExecutors(int count) {
        await().atMost(Duration.ofMinutes(3)).until(() -> executors().size() >= EXECUTORS);
        for (ProcessHandle executor : executors().subList(0, count)) {
            executor.destroyForcibly();
        }
    }

    String output() {
        return master.output() + worker.output();
    }

    @Override
    public void close() {
        executors().forEach(ProcessHandle::destroyForcibly);
        worker.close();
        master.close();
    }
}
