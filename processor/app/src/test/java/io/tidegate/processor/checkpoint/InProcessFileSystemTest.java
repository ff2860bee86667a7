package io.tidegate.processor.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files as Hadoop's own file system makes them; the JVM's flight recorder tells which processes that took. */
class InProcessFileSystemTest {

    private static final byte[] TEXT = {1, 2, 3};

    @TempDir
    Path folder;

    @Test
    void files_and_folders_have_the_permissions_asked_for_and_take_no_process() throws Exception {
        List<String> started = processesOf(() -> write(new InProcessFileSystem()));

        assertThat(started).isEmpty();
        assertThat(permissions("inner")).isEqualTo("rwxr-x---");
        assertThat(permissions("inner/file")).isEqualTo("rw-r-----");
        assertThat(folder.resolve("inner/file")).hasBinaryContent(TEXT);
        assertThat(folder.resolve("inner/.file.crc")).exists();
    }

    @Test
    void hadoops_own_takes_some() throws Exception {
        assertThat(processesOf(() -> write(new LocalFileSystem())))
                .anyMatch(command -> command.startsWith("chmod 0640 "));
    }

    @Test
    void what_is_a_link_is_told_as_hadoop_tells_it() throws IOException {
        Files.write(folder.resolve("file"), TEXT);
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("file"));
        try (InProcessFileSystem files = new InProcessFileSystem();
                LocalFileSystem hadoops = new LocalFileSystem()) {
            files.initialize(folder.toUri(), new Configuration(false));
            hadoops.initialize(folder.toUri(), new Configuration(false));
            for (String name : List.of("file", "link")) {
                FileStatus told = files.getFileLinkStatus(path(name));
                assertThat(told).isEqualTo(hadoops.getFileLinkStatus(path(name)));
                assertThat(told.getLen()).isEqualTo(TEXT.length);
            }
            assertThatThrownBy(() -> files.getFileLinkStatus(path("missing")))
                    .isInstanceOf(FileNotFoundException.class);
        }
    }

    @Test
    void permissions_that_java_does_not_know_are_set_too() throws IOException {
        try (InProcessFileSystem files = new InProcessFileSystem()) {
            files.initialize(folder.toUri(), new Configuration(false));
            files.mkdirs(path("shared"));
            files.setPermission(path("shared"), new FsPermission("1777"));
        }
        assertThat((int) Files.getAttribute(folder.resolve("shared"), "unix:mode") & 07777)
                .isEqualTo(01777);
    }

    @Test
    void spark_uses_it_for_checkpoints_of_both_engines() throws Exception {
        SparkConf spark = new SparkConf(false);
        InProcessFileSystem.configure(spark);
        Configuration hadoop = new Configuration(false);
        for (String name : List.of("fs.file.impl", "fs.AbstractFileSystem.file.impl")) {
            hadoop.set(name, spark.get("spark.hadoop." + name));
        }

        assertThat(FileSystem.newInstance(folder.toUri(), hadoop)).isInstanceOf(InProcessFileSystem.class);
        List<String> started = processesOf(() -> {
            FileContext context = FileContext.getFileContext(folder.toUri(), hadoop);
            try (OutputStream out = context.create(
                    path("deep/er/file"), EnumSet.of(CreateFlag.CREATE), Options.CreateOpts.createParent())) {
                out.write(TEXT);
            }
            context.rename(path("deep/er/file"), path("deep/renamed"), Options.Rename.OVERWRITE);
        });
        assertThat(started).isEmpty();
        assertThat(folder.resolve("deep/renamed")).hasBinaryContent(TEXT);
        assertThat(folder.resolve("deep/.renamed.crc")).exists();
    }

    private void write(FileSystem files) throws IOException {
        try (files) {
            files.initialize(folder.toUri(), new Configuration(false));
            files.mkdirs(path("inner"), new FsPermission("750"));
            try (OutputStream out = FileSystem.create(files, path("inner/file"), new FsPermission("640"))) {
                out.write(TEXT);
            }
        }
    }

    private org.apache.hadoop.fs.Path path(String name) {
        return new org.apache.hadoop.fs.Path(folder.resolve(name).toUri());
    }

    private String permissions(String name) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name)));
    }

    private List<String> processesOf(Work work) throws Exception {
        Path file = folder.resolve("recording.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("jdk.ProcessStart");
            recording.start();
            work.run();
            recording.stop();
            recording.dump(file);
        }
        return RecordingFile.readAllEvents(file).stream()
                .map(event -> event.getString("command"))
                .toList();
    }

    @FunctionalInterface
    private interface Work {
        void run() throws Exception;
    }
}
