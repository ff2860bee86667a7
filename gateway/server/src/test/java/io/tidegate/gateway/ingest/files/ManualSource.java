package io.tidegate.gateway.ingest.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidegate.gateway.decode.Decoded;
import io.tidegate.gateway.decode.Limits;
import io.tidegate.gateway.decode.LineDecoder;
import io.tidegate.gateway.decode.accesslog.LinePrefix;
import io.tidegate.gateway.ingest.SourceHealth;
import io.tidegate.gateway.ingest.mqtt.Weblogs;
import io.tidegate.gateway.log.StateUpdate;
import io.tidegate.protocol.v1.Event;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;

/**
 * Does with a {@link FileScanner} what a {@link FileSource} does, step by step, over a log that is a list and a map. It can be
 * killed between any two steps: between a look and a reading, a reading and its commit, a commit and what follows from it.
 */
final class ManualSource {

    /** Steps until the kill. */
    static final class Fuse {
        private int left;

        Fuse(int steps) {
            left = steps;
        }

        static Fuse endless() {
            return new Fuse(Integer.MAX_VALUE);
        }

        private void step() {
            if (left-- == 0) {
                throw new Killed();
            }
        }
    }

    /** As by kill -9: only what was committed, and what is in the folder, is there afterwards. */
    static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    static final LineDecoders DECODERS = new LineDecoders(Weblogs.reader(), new Limits(1 << 16, 1_000, 16, 256));

    final Map<String, byte[]> state = new TreeMap<>();
    final List<Event> events = new ArrayList<>();
    final List<Decoded.Damaged> deadLetters = new ArrayList<>();
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final FileMeters meters = new FileMeters(registry, new SourceHealth("files"));
    private long nanos;

    Clocks clocks() {
        return new Clocks(() -> Instant.ofEpochMilli(1_790_000_000_000L + nanos / 1_000_000), () -> nanos);
    }

    void passes(Duration time) {
        nanos += time.toNanos();
    }

    StoredState state() {
        return prefix -> state.entrySet().stream()
                .filter(update -> update.getKey().startsWith(prefix))
                .collect(Collectors.toMap(
                        update -> update.getKey().substring(prefix.length()),
                        Map.Entry::getValue,
                        (a, b) -> a,
                        TreeMap::new));
    }

    /** Looks and reads until a look finds nothing more. @return the last look */
    FileScanner.Look work(FileScanner watch) {
        return work(watch, Fuse.endless(), new Random(1));
    }

    FileScanner.Look work(FileScanner watch, Fuse fuse, Random random) {
        for (int rounds = 0; rounds < 100; rounds++) {
            FileScanner.Look look = watch.look();
            fuse.step();
            if (look.found().isEmpty()) {
                return look;
            }
            boolean noted = false;
            List<LineBatch> inHands = new ArrayList<>();
            for (BatchReader reading : look.found()) {
                while (reading.more()) {
                    inHands.add(reading.next(1_790_000_000_000L));
                    fuse.step();
                    if (random.nextBoolean()) {
                        noted |= commit(inHands, fuse);
                    }
                }
                reading.close();
            }
            noted |= commit(inHands, fuse);
            if (!noted) {
                return look;
            }
        }
        throw new AssertionError("it finds something to do for ever");
    }

    /** Brings pieces to disk, and says so. @return whether there was any state to store */
    boolean commit(List<LineBatch> pieces, Fuse fuse) {
        for (LineBatch piece : pieces) {
            events.addAll(piece.events().events());
            deadLetters.addAll(piece.events().damaged());
            for (StateUpdate update : piece.state()) {
                byte[] value = update.value();
                if (value == null) {
                    state.remove(update.key());
                } else {
                    state.put(update.key(), value);
                }
            }
        }
        boolean noted = pieces.stream().anyMatch(piece -> !piece.state().isEmpty());
        fuse.step();
        for (LineBatch piece : pieces) {
            piece.durable().run();
            fuse.step();
        }
        pieces.clear();
        return noted;
    }

    /** The numbers of the lines that are in the log. */
    List<Integer> numbers() {
        return events.stream()
                .map(event -> Integer.parseInt(event.getRequest().getPath().substring(1)))
                .toList();
    }

    double files(String outcome) {
        return registry.get("tidegate.source.files")
                .tag("outcome", outcome)
                .counter()
                .count();
    }

    static FileSettings rules() {
        return new FileSettings(
                LineDecoder.Kind.WEBLOG, Optional.of("www1"), LinePrefix.NONE, Duration.ofMillis(100), 1_000);
    }

    static String line(int number) {
        return "203.0.113.9 - - [23/Nov/2026:07:40:02 +0000] \"GET /" + number + " HTTP/1.1\" 200 12\n";
    }

    static String lines(int from, int to) {
        return IntStream.range(from, to).mapToObj(ManualSource::line).collect(Collectors.joining());
    }

    static List<Integer> numbers(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(UTF_8));
        }
        return bytes.toByteArray();
    }
}
