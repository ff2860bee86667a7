package io.tidegate.gateway.log;

import static io.tidegate.gateway.log.LogFixture.NOW_MS;
import static io.tidegate.gateway.log.LogFixture.chunk;
import static io.tidegate.gateway.log.LogFixture.values;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.junit.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * R1 of the fault catalogue: a machine that crashes at random, against a model of what was promised. A crash is a copy of
 * the folder in which what was not synced is lost, torn or zeroed; what was synced is known from when a commit returned.
 *
 * <p>{@code -Dtidegate.cases=10000} tries more.
 */
class CrashModelTest {

    private static final int KEY_GROUPS = 2;
    private static final int CASES = Integer.getInteger("tidegate.cases", 15);
    private static final int LIVES = 4;

    @TempDir
    private Path folder;

    @Test
    void what_was_acknowledged_is_there_in_order_and_nothing_that_was_not_written() throws Exception {
        Random random = Seed.of("crash model").random();
        for (int i = 0; i < CASES; i++) {
            Path lives = Files.createDirectory(folder.resolve("case-" + i));
            new Model(random, lives).run();
            Disk.delete(lives);
        }
    }

    /** One log, from its first start through several crashes. */
    private static final class Model {

        private final Random random;
        private final Path lives;
        // What was promised: the end and the oldest event of each key group, the cursors that were synced.
        private final long[] end = new long[KEY_GROUPS];
        private long[] committed = new long[KEY_GROUPS];
        private int deadLetters;
        // Cursors written behind since the last sync, oldest first.
        private final List<long[]> behind = new ArrayList<>();

        Model(Random random, Path lives) {
            this.random = random;
            this.lives = lives;
        }

        void run() throws Exception {
            Path now = Files.createDirectory(lives.resolve("life-0"));
            LogStore store = RocksLogStore.open(LogFixture.small(now), KEY_GROUPS, "g1");
            store.registerGroup("app");
            for (int life = 1; life <= LIVES; life++) {
                for (int step = random.nextInt(12); step >= 0; step--) {
                    step(store);
                }
                Path next = lives.resolve("life-" + life);
                List<PendingChunk> inFlight = crash(store, now, next);
                store.close();
                now = next;
                store = RocksLogStore.open(LogFixture.small(now), KEY_GROUPS, "g1");
                check(store, inFlight, now.toString());
            }
            store.close();
        }

        private void step(LogStore store) {
            switch (random.nextInt(6)) {
                case 0 -> moveCursor(store);
                case 1 -> {
                    List<Long> before = oldest(store);
                    LogFixture.expire(store, NOW_MS + 1);
                    if (!oldest(store).equals(before)) {
                        synced(store);
                    }
                }
                case 2 -> {
                    DeadLetter letter = new DeadLetter(NOW_MS, "mqtt", "t", "not-json", "", "json", new byte[9], 9);
                    store.append(List.of(LogFixture.deadLetters(letter)));
                    deadLetters++;
                    synced(store);
                }
                default -> {
                    List<PendingChunk> chunks = chunks();
                    write(store, chunks);
                    chunks.forEach(chunk -> end[chunk.keyGroup()] = chunk.next());
                    synced(store);
                }
            }
        }

        private static void write(LogStore store, List<PendingChunk> chunks) {
            store.append(chunks.stream().map(LogFixture::append).toList());
        }

        /** Whatever was written behind is on disk with the next commit. */
        private void synced(LogStore store) {
            behind.clear();
            committed = cursors(store);
        }

        private static List<Long> oldest(LogStore store) {
            return IntStream.range(0, KEY_GROUPS).mapToObj(store::oldest).toList();
        }

        private static long[] cursors(LogStore store) {
            return LogFixture.group(store, "app").committed().stream()
                    .mapToLong(Long::longValue)
                    .toArray();
        }

        private void moveCursor(LogStore store) {
            long[] now = cursors(store);
            long[] next = new long[KEY_GROUPS];
            for (int keyGroup = 0; keyGroup < KEY_GROUPS; keyGroup++) {
                next[keyGroup] = random.nextLong(now[keyGroup], end[keyGroup] + 1);
            }
            List<Long> positions = Arrays.stream(next).boxed().toList();
            store.saveGroup(new GroupCursors("app", "r", 1, positions, positions), false);
            behind.add(next);
        }

        /** Now and then a chunk of random bytes' size, so that buffers fill and files are rolled. */
        private List<PendingChunk> chunks() {
            List<PendingChunk> chunks = new ArrayList<>();
            for (int keyGroup = 0; keyGroup < KEY_GROUPS; keyGroup++) {
                if (chunks.isEmpty() || random.nextBoolean()) {
                    int count = random.nextInt(8) == 0 ? 700 : 1 + random.nextInt(9);
                    chunks.add(chunk(keyGroup, end[keyGroup], count, NOW_MS));
                }
            }
            return chunks;
        }

        /** A commit is under way when the machine crashes. @return what may be there or not, all of it or nothing */
        private List<PendingChunk> crash(LogStore store, Path now, Path next) throws Exception {
            Map<String, Long> synced = Disk.writeAheadLogs(now);
            Map<String, Long> tables = Disk.sizes(now, ".*\\.sst");
            byte[] update = Disk.update(now);
            if (random.nextBoolean()) {
                // These are behind what was synced as well.
                moveCursor(store);
            }
            List<PendingChunk> inFlight = chunks();
            write(store, inFlight);
            Disk.copy(now, next);
            Disk.putMark(next, update);
            if (Disk.sizes(next, ".*\\.sst").equals(tables)) {
                for (Map.Entry<String, Long> log : Disk.writeAheadLogs(next).entrySet()) {
                    mangle(next.resolve(log.getKey()), synced.getOrDefault(log.getKey(), 0L));
                }
            }
            return inFlight;
        }

        private void mangle(Path log, long synced) throws IOException {
            byte[] all = Files.readAllBytes(log);
            int from = (int) synced;
            if (from == all.length) {
                return;
            }
            int at = from + random.nextInt(all.length - from);
            switch (random.nextInt(5)) {
                case 0 -> Files.write(log, Arrays.copyOf(all, at));
                case 1 -> {
                    Arrays.fill(all, at, all.length, (byte) 0);
                    Files.write(log, all);
                }
                case 2 -> {
                    Arrays.fill(all, at, Math.min(all.length, at + 512), (byte) 0);
                    Files.write(log, all);
                }
                case 3 -> {
                    byte[] garbage = new byte[all.length - at];
                    random.nextBytes(garbage);
                    System.arraycopy(garbage, 0, all, at, garbage.length);
                    Files.write(log, all);
                }
                default -> {
                    // Everything reached the disk.
                }
            }
        }

        private void check(LogStore store, List<PendingChunk> inFlight, String life) {
            boolean came = inFlight.stream()
                    .anyMatch(chunk -> store.tail(chunk.keyGroup()).next() == chunk.next());
            if (came) {
                inFlight.forEach(chunk -> end[chunk.keyGroup()] = chunk.next());
            }
            for (int keyGroup = 0; keyGroup < KEY_GROUPS; keyGroup++) {
                assertThat(store.tail(keyGroup).next()).as(life).isEqualTo(end[keyGroup]);
                assertThat(values(store, keyGroup))
                        .as(life)
                        .isEqualTo(LongStream.range(store.oldest(keyGroup), end[keyGroup])
                                .mapToObj(offset -> (double) offset)
                                .toList());
            }
            assertThat(store.deadLetterCounts().getOrDefault("not-json", 0L)).isEqualTo(deadLetters);
            assertThat(store.ledger().sources().getOrDefault("mqtt", Tally.ZERO).residual())
                    .isZero();
            checkCursors(store, life);
        }

        /** They are as they were at the last sync, or as they were written since: never ahead of what was written. */
        private void checkCursors(LogStore store, String life) {
            List<long[]> possible = new ArrayList<>(behind);
            possible.add(committed);
            long[] now = cursors(store);
            assertThat(possible).as(life).anyMatch(cursors -> Arrays.equals(cursors, now));
            for (int keyGroup = 0; keyGroup < KEY_GROUPS; keyGroup++) {
                assertThat(store.oldest(keyGroup)).as(life).isLessThanOrEqualTo(now[keyGroup]);
            }
            committed = now;
            behind.clear();
        }
    }
}
