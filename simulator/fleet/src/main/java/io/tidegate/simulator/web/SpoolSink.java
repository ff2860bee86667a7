package io.tidegate.simulator.web;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** Complete files that appear in a folder: written under a name with a dot, renamed when so many lines are in. */
public final class SpoolSink implements LineSink {
    private final Path folder;
    private final int linesPerFile;
    private final long stamp;
    private FileSink file;
    private int number;
    private int lines;

    /**
     * Makes the folder when it is missing.
     *
     * @param stamp what tells this run's files from those of other runs
     */
    public SpoolSink(Path folder, int linesPerFile, long stamp) throws IOException {
        this.folder = folder;
        this.linesPerFile = linesPerFile;
        this.stamp = stamp;
        file = new FileSink(hidden());
    }

    @Override
    public String target() {
        return "spool folder " + folder;
    }

    @Override
    public void send(List<String> more) throws IOException {
        file.send(more);
        lines += more.size();
        if (lines >= linesPerFile) {
            roll();
            file = new FileSink(hidden());
        }
    }

    private void roll() throws IOException {
        file.close();
        if (lines == 0) {
            Files.delete(hidden());
        } else {
            Files.move(hidden(), folder.resolve(name()), StandardCopyOption.ATOMIC_MOVE);
        }
        number++;
        lines = 0;
    }

    private Path hidden() {
        return folder.resolve("." + name());
    }

    private String name() {
        return "access-%d-%06d.log".formatted(stamp, number);
    }

    @Override
    public void close() throws IOException {
        roll();
    }
}
