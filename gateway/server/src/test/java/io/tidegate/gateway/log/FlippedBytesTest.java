package io.tidegate.gateway.log;

import static io.tidegate.gateway.log.LogFixture.NOW_MS;
import static io.tidegate.gateway.log.LogFixture.chunk;
import static io.tidegate.gateway.log.LogFixture.deadLetters;
import static io.tidegate.gateway.log.LogFixture.values;
import static io.tidegate.gateway.log.LogFixture.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.junit.Seed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * R2 of the fault catalogue: one to eight bytes are changed anywhere in any file of a log that was killed. Either the log
 * is refused, or each read gives what was written or fails: nothing is missing in silence.
 *
 * <p>{@code -Dtidegate.cases=10000} tries more.
 */
class FlippedBytesTest {

    private static final int CASES = Integer.getInteger("tidegate.cases", 120);

    @TempDir
    private Path folder;

    @Test
    void every_read_is_right_or_fails_and_never_silently_short() throws Exception {
        Path killed = killed();
        Map<String, Object> expected;
        try (LogStore store = LogFixture.open(Disk.copy(killed, folder.resolve("good")))) {
            expected = everything(store);
        }
        assertThat(expected.values()).noneMatch(LogFailure.class::isInstance);
        Random random = Seed.of("flipped bytes").random();
        Map<String, Integer> refused = new TreeMap<>();
        for (int i = 0; i < CASES; i++) {
            Path damaged = Disk.copy(killed, folder.resolve("case-" + i));
            String where = flip(damaged, random);
            try (LogStore store = LogFixture.open(damaged)) {
                everything(store).forEach((what, read) -> {
                    if (!(read instanceof LogFailure)) {
                        assertThat(read).as(what + " after " + where).isEqualTo(expected.get(what));
                    }
                });
            } catch (LogRefused e) {
                assertThat(e.reason()).as(where).isEqualTo(LogRefused.Reason.DAMAGED);
                assertThat(e).as(where).hasMessageContaining("log folder");
                refused.merge(where.substring(0, where.indexOf(' ')).replaceAll("\\d+", "N"), 1, Integer::sum);
            }
            Disk.delete(damaged);
        }
        System.out.println("flipped bytes: refused " + refused);
        assertThat(refused).isNotEmpty();
    }

    /** What is in tables, and what is in the write-ahead log only. */
    private Path killed() throws Exception {
        Path live = folder.resolve("live");
        for (int life = 0; life < 2; life++) {
            try (LogStore store = LogFixture.open(live)) {
                for (int i = 10 * life; i < 10 * life + 10; i++) {
                    write(store, chunk(0, 10L * i, 10, NOW_MS), chunk(1, 5L * i, 5, NOW_MS));
                }
                byte[] raw = {'{'};
                store.append(List.of(deadLetters(new DeadLetter(NOW_MS, "mqtt", "t", "not-json", "", "json", raw, 1))));
                if (life == 1) {
                    List<Long> committed = List.of(7L, 3L);
                    store.saveGroup(new GroupCursors("app", "r", 1, committed, committed), false);
                    write(store, chunk(0, 200, 10, NOW_MS));
                    return Disk.copy(live, folder.resolve("killed"));
                }
            }
        }
        throw new AssertionError("two lives");
    }

    private static String flip(Path log, Random random) throws Exception {
        List<Path> files = Disk.files(log).stream()
                .filter(file ->
                        file.getFileName().toString().matches("\\d+\\.(log|sst)|MANIFEST.*|CURRENT|OPTIONS.*|DURABLE"))
                .toList();
        Path file = files.get(random.nextInt(files.size()));
        byte[] bytes = Files.readAllBytes(file);
        List<Integer> places = new ArrayList<>();
        if (bytes.length > 0) {
            for (int i = random.nextInt(8); i >= 0; i--) {
                int at = random.nextInt(bytes.length);
                bytes[at] ^= (byte) (1 + random.nextInt(255));
                places.add(at);
            }
            Files.write(file, bytes);
        }
        return file.getFileName() + " at " + places;
    }

    private static Map<String, Object> everything(LogStore store) {
        Map<String, Object> all = new TreeMap<>();
        all.put("key group 0", read(() -> values(store, 0)));
        all.put("key group 1", read(() -> values(store, 1)));
        all.put("a range", read(() -> store.read(0, 42, 77, Long.MAX_VALUE)));
        all.put(
                "dead letters",
                read(() -> store.deadLetters(Long.MAX_VALUE, 100).retained()));
        all.put("groups", read(store::groups));
        all.put("ledger", read(store::ledger));
        return all;
    }

    private static Object read(java.util.function.Supplier<Object> read) {
        try {
            return read.get();
        } catch (LogFailure e) {
            return e;
        }
    }
}
