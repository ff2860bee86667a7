package io.tidegate.simulator.web;

import io.tidegate.simulator.fleet.ReplayClock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A log that is played again with its own timing: the order is the file's, and each line is due when the greatest time
 * so far is. A line without a time of the common log format goes with the one before it. Not thread-safe.
 */
public final class LogReplay implements Iterator<LogLine> {

    private final BufferedReader log;
    private final ReplayClock time;
    private @Nullable String next;

    /**
     * Reads as it is asked.
     *
     * @param log its bytes as ISO 8859-1
     * @param speed how many times faster than it was; 0: without any waiting
     */
    public LogReplay(BufferedReader log, double speed) {
        this.log = log;
        this.time = new ReplayClock(speed);
        next = read();
    }

    @Override
    public boolean hasNext() {
        return next != null;
    }

    @Override
    public LogLine next() {
        String line = next;
        if (line == null) {
            throw new NoSuchElementException("the log is over");
        }
        timeMs(line).ifPresent(time::moveTo);
        next = read();
        return new LogLine(time.dueMs(), line, Optional.empty(), false);
    }

    private static OptionalLong timeMs(String line) {
        int from = line.indexOf('[');
        int to = line.indexOf(']', from + 1);
        if (from < 0 || to < 0) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(OffsetDateTime.parse(line.substring(from + 1, to), LogLine.TIME)
                    .toInstant()
                    .toEpochMilli());
        } catch (DateTimeParseException e) {
            return OptionalLong.empty();
        }
    }

    private @Nullable String read() {
        try {
            return log.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException("the log can't be read", e);
        }
    }
}
